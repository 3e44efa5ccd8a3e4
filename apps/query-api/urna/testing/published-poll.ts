import type { RecordedEvent } from '#domain';
import { type EventLog, SqliteEventLog } from '#event-log';
import { Environment } from '#platform';
import { SqliteReadModel } from '#read-model';
import { LogSealer, SealKeys, sealedLogsOf } from '#seal';

import { POLL_ID } from '../../../../libs/domain/testing/ballot-box.ts';
import { recorded, sealed, wholePoll } from '../../../../libs/audit/testing/sealed-poll.ts';
import { Voted } from '../../../../libs/audit/testing/voted.ts';
import { PublishedLogs } from '../published-logs.ts';
import { UrnaWitnesses } from '../urna-witnesses.ts';
import { UrnaFiles } from '../urna-files.ts';
import { Urnas } from '../urnas.ts';

/** Of the deployment that opened the poll, and of another one. */
const OWN_SEED = Buffer.alloc(32, 7);
export const OTHER_SEED = Buffer.alloc(32, 8);
const NO_WITNESSES = new UrnaWitnesses(new Environment());
export const POLL = { id: POLL_ID, ballotBoxes: 1 };

/** A poll that is over, in stores of its own, with the tiles and checkpoints that a sealer published. */
export class PublishedPoll {
  readonly log: EventLog;
  readonly readModel: SqliteReadModel;
  /** Events of streams that somebody read from the log. */
  eventsRead = 0;

  private constructor(readonly voted: Voted) {
    this.log = counting(SqliteEventLog.openReadOnly(voted.directory), (count) => (this.eventsRead += count));
    this.readModel = SqliteReadModel.open(voted.directory);
  }

  static async of(
    votes: number,
    events: readonly RecordedEvent[] = sealed(recorded(wholePoll(votes))),
  ): Promise<PublishedPoll> {
    const poll = new PublishedPoll(await Voted.of(events));
    await poll.seal();
    return poll;
  }

  urnas(seed = OWN_SEED): Urnas {
    return new Urnas(this.log, { seal: [seed] });
  }

  /** @param witnesses that are known, as the environment has them */
  published(witnesses = NO_WITNESSES): PublishedLogs {
    return new PublishedLogs(this.readModel, witnesses);
  }

  files(published = this.published(), log = this.log): UrnaFiles {
    return new UrnaFiles(log, this.readModel, published);
  }

  async dispose(): Promise<void> {
    await this.log.close();
    await this.readModel.close();
    this.voted.dispose();
  }

  private async seal(): Promise<void> {
    const logs = await sealedLogsOf(this.log, POLL_ID, new SealKeys([OWN_SEED]));
    if (typeof logs === 'string') return;
    for (const one of logs) {
      const sealer = await LogSealer.resume(one, { log: this.log, tiles: this.readModel.tiles });
      for await (const page of this.log.read(one.leaves, 0n)) for (const event of page) sealer.add(event);
      await sealer.save();
      await sealer.seal();
    }
  }
}

/** The same log, whose reader says how much it was asked for. */
function counting(log: EventLog, heard: (events: number) => void): EventLog {
  return new Proxy(log, {
    get(target, name) {
      const value = Reflect.get(target, name) as unknown;
      if (name !== 'read') return typeof value === 'function' ? (value.bind(target) as unknown) : value;
      return async function* read(stream: string, from: bigint) {
        for await (const page of target.read(stream, from)) {
          heard(page.length);
          yield page;
        }
      };
    },
  });
}
