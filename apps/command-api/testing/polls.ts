import type { CommandBus } from '@nestjs/cqrs';
import { type KeyObject, createSecretKey } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { RecordedEvent } from '#domain';
import { type EventLog, SqliteEventLog } from '#event-log';
import { Environment, Readiness } from '#platform';

import { SqliteWriter } from '../../../libs/event-log/sqlite/sqlite-writer.ts';
import { inThisThread } from '../../../libs/event-log/testing/writer-in-this-thread.ts';
import { type LogLine, recordingLogger } from '../../../libs/platform/testing/recording-logger.ts';
import { BoxOpener } from '../poll-lifecycle/box-opener.ts';
import { EvidenceKeys } from '../polls/evidence-keys.ts';
import { PollDirectory } from '../polls/poll-directory.ts';
import type { ChangePoll } from '../polls/poll.commands.ts';
import { ChangePollHandler } from '../polls/poll.handlers.ts';
import { PollRepository } from '../polls/poll.repository.ts';

/** A key of the deployment that this process has not, and the program that signs with it. */
interface KeyElsewhere {
  readonly publicKey: KeyObject;
  readonly command: string;
}

/** As a deployment with this secret has them. */
export const evidenceKeys = (byte = 7): EvidenceKeys =>
  new EvidenceKeys({ evidence: createSecretKey(Buffer.alloc(32, byte)) });

/** The polls of a command API on an event log of its own. */
export class PollsUnderTest {
  readonly directory = mkdtempSync(join(tmpdir(), 'paredao-'));
  readonly log: EventLog = SqliteEventLog.open(this.directory, (path) => inThisThread(new SqliteWriter(path)));
  readonly readiness = new Readiness();
  readonly lines: LogLine[];
  readonly logger: ReturnType<typeof recordingLogger>['logger'];
  readonly repository = new PollRepository(this.log, evidenceKeys());
  readonly pollDirectory: PollDirectory;
  readonly boxes: BoxOpener;

  constructor() {
    ({ logger: this.logger, lines: this.lines } = recordingLogger());
    this.pollDirectory = new PollDirectory(this.log, this.readiness, this.logger);
    this.boxes = this.openerOn(this.log);
  }

  /** As a deployment with these keys opens ballot boxes. */
  openerOn(log: EventLog, seed = 1, publicOrigin?: string, elsewhere?: KeyElsewhere): BoxOpener {
    const environment = Object.assign(new Environment(), {
      ...{ humanCheckDifficulty: 1000, publicOrigin },
      ...(elsewhere && { sealCommand: elsewhere.command, sealCommandKeyFile: 'key.pub' }),
    });
    const secrets = { seal: [Buffer.alloc(32, seed)], sealElsewhere: elsewhere ? [elsewhere.publicKey] : [] };
    return new BoxOpener(log, this.pollDirectory, evidenceKeys(), environment, secrets, this.readiness, this.logger);
  }

  /** A bus with the one handler that changes polls. */
  commandsOn(repository = this.repository): CommandBus {
    const handler = new ChangePollHandler(repository, this.pollDirectory, this.boxes);
    return { execute: (command: ChangePoll) => handler.execute(command) } as unknown as CommandBus;
  }

  async open(pollId: string, at = new Date().toISOString(), rehearsal = false): Promise<void> {
    await this.repository.execute(pollId, {
      type: 'OpenPoll',
      pollId,
      title: 'Quem fica?',
      names: ['Ana', 'Bento'],
      rehearsal,
      at,
      by: 'a',
    });
  }

  async close(pollId: string, at = new Date().toISOString()): Promise<void> {
    await this.repository.execute(pollId, { type: 'ClosePoll', at, by: 'a' });
  }

  async events(stream: string): Promise<RecordedEvent[]> {
    const events: RecordedEvent[] = [];
    for await (const page of this.log.read(stream, 0n)) events.push(...page);
    return events;
  }

  async dispose(): Promise<void> {
    await this.pollDirectory.onModuleDestroy();
    await this.log.close();
    rmSync(this.directory, { recursive: true });
  }
}
