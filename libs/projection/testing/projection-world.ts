import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import {
  type EventContent,
  POLL_STREAM_PREFIXES,
  type PollEvent,
  type RecordedEvent,
  Tally,
  ballotBoxStream,
  encodeBallotBoxClosed,
  encodePollEvent,
  encodeVoteCast,
  minuteOf,
  pollStream,
} from '#domain';
import { type EventLog, SqliteEventLog } from '#event-log';
import { type ReadModel, SqliteReadModel, digestOf } from '#read-model';

const LIFETIME_MS = 300_000;

/** An event log and a read model in a directory of their own, and what may happen in them. */
export class ProjectionWorld {
  readonly directory = mkdtempSync(join(tmpdir(), 'paredao-'));
  readonly log: EventLog;
  readonly readModel: ReadModel = SqliteReadModel.open(this.directory);
  /** The version that is active before another was activated. */
  readonly tallies = this.readModel.tallies('6-0');

  /** @param log another one than that of the directory; it is closed with the world */
  constructor(log?: EventLog) {
    this.log = log ?? SqliteEventLog.open(this.directory);
  }

  async openPoll(pollId: string, openedAt = new Date().toISOString()): Promise<void> {
    const participants = [1, 2].map((number) => ({ number, name: `p${String(number)}` }));
    const opened: PollEvent = { type: 'PollOpened', pollId, title: 'x', participants, openedAt, by: 'a' };
    await this.append(pollStream(pollId), encodePollEvent(opened));
  }

  async openRehearsal(pollId: string, openedAt = new Date().toISOString()): Promise<void> {
    const participants = [1, 2].map((number) => ({ number, name: `p${String(number)}` }));
    const opened = { type: 'PollOpened', pollId, title: 'x', participants, openedAt, by: 'a' } as const;
    const content = encodePollEvent({ ...opened, evidenceKeyHash: '0f'.repeat(32), rehearsal: true });
    await this.append(pollStream(pollId), content);
  }

  async draftPoll(
    pollId: string,
    opensAt: string | null = null,
    at = new Date().toISOString(),
    mark: { readonly rehearsal?: true } = {},
  ): Promise<void> {
    const participants = [1, 2].map((number) => ({ number, name: `p${String(number)}` }));
    const made = { pollId, title: 'x', participants, draftedAt: at, by: 'a', ...mark };
    const drafted: PollEvent = { type: 'PollDrafted', ...made };
    const scheduled: PollEvent = { type: 'PollScheduled', pollId, opensAt, closesAt: null, scheduledAt: at, by: 'a' };
    await this.append(pollStream(pollId), encodePollEvent(drafted), encodePollEvent(scheduled));
  }

  /** @returns the content, to append it again */
  vote(participantId = 1, castAt = Date.now()): EventContent {
    const voteId = randomBytes(16).toString('hex');
    const humanCheck = { provider: 'altcha', difficulty: 1 };
    return encodeVoteCast({ voteId, participantId, castAt, expiresAt: castAt + LIFETIME_MS, humanCheck });
  }

  /** A vote of version 2. */
  voteOfRule2(participantId = 1, castAt = minuteOf(Date.now())): EventContent {
    const voteId = randomBytes(16).toString('hex');
    const humanCheck = { provider: 'altcha', price: 'base', evidence: voteId } as const;
    return encodeVoteCast({ voteId, participantId, castAt, expiresAt: castAt + LIFETIME_MS, humanCheck });
  }

  /** @param rule of the poll */
  async cast(pollId: string, count: number, rule: 1 | 2 = 1): Promise<void> {
    const vote = (participantId: number): EventContent =>
      rule === 1 ? this.vote(participantId) : this.voteOfRule2(participantId);
    await this.append(ballotBoxStream(pollId), ...Array.from({ length: count }, (_, index) => vote((index % 2) + 1)));
  }

  async cut(pollId: string): Promise<void> {
    await this.append(ballotBoxStream(pollId), encodeBallotBoxClosed(pollId, new Date().toISOString()));
  }

  async append(stream: string, ...contents: EventContent[]): Promise<void> {
    await this.log.append(
      stream,
      contents.map((content) => ({ ...content, id: randomUUID() })),
      'any',
    );
  }

  async events(): Promise<RecordedEvent[]> {
    const events: RecordedEvent[] = [];
    for await (const page of this.log.readAll(0n, POLL_STREAM_PREFIXES)) events.push(...page);
    return events;
  }

  /** What one fold of the whole log, without any interruption, gives. */
  async expected(pollId: string): Promise<{ digest: string; snapshot: ReturnType<Tally['snapshot']> }> {
    const tally = new Tally(pollId);
    for (const event of await this.events()) if (event.stream.endsWith(`-${pollId}`)) tally.fold(event);
    const snapshot = tally.snapshot();
    return { digest: digestOf(snapshot), snapshot };
  }

  async dispose(): Promise<void> {
    await this.log.close();
    await this.readModel.close();
    rmSync(this.directory, { recursive: true });
  }
}
