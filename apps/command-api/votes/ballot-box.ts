import { type BeforeApplicationShutdown, Injectable } from '@nestjs/common';
import {
  InjectMetric,
  makeCounterProvider,
  makeGaugeProvider,
  makeHistogramProvider,
} from '@willsoto/nestjs-prometheus';
import { PinoLogger } from 'nestjs-pino';
import type { Counter, Gauge, Histogram } from 'prom-client';

import { type VoteCast, VoteCodec, ballotBoxStream } from '#domain';
import { type AppendTooLargeError, EventLog } from '#event-log';
import { Environment, LATENCY_BUCKETS, Readiness, collectFrom } from '#platform';
import { ReceiptIssuer } from '#receipts';

import { BoxOpener } from '../poll-lifecycle/box-opener.ts';
import type { Waits } from './commit-watch.ts';
import { GroupCommit, type GroupCommitObserver, type Receipts, type Stored } from './group-commit.ts';

const RETRY_LOG_INTERVAL_MS = 1000;

/** Puts votes into the ballot boxes of the polls, durably and in groups. */
@Injectable()
export class BallotBox implements BeforeApplicationShutdown, GroupCommitObserver {
  private readonly codec = new VoteCodec();
  private readonly commits = new Map<string, GroupCommit>();
  /** Those of real polls: what becomes of a rehearsal says nothing of the service. */
  private readonly real = new Set<GroupCommit>();
  /** On the clock of `performance.now()`, ms. */
  private lastRetryLog = -Infinity;
  private lastHalvesLog = -Infinity;

  constructor(
    private readonly log: EventLog,
    private readonly environment: Environment,
    private readonly boxes: BoxOpener,
    @InjectMetric('vote_append_batch_size') private readonly batchSize: Histogram,
    @InjectMetric('vote_append_duration_seconds') private readonly duration: Histogram,
    @InjectMetric('vote_append_retries_total') private readonly retries: Counter,
    @InjectMetric('vote_queue_depth') queueDepth: Gauge,
    private readonly logger: PinoLogger,
    readiness: Readiness,
  ) {
    logger.setContext('ballot-box');
    collectFrom(queueDepth, () => [[{}, this.depth]]);
    // the log may well be readable while it cannot store
    readiness.add('ballot-box', () =>
      this.isStuck ? Promise.reject(new Error('the event log does not take votes')) : Promise.resolve(),
    );
  }

  /** Resolves when the vote is durable. Each poll has a queue of its own. See {@link GroupCommit.append} for the errors. */
  put(pollId: string, vote: VoteCast, rehearsal = false): Promise<Stored> {
    return this.commitOf(pollId, rehearsal).append(this.codec.encode(vote));
  }

  /** Votes of real polls that wait for the log or are on their way to it. */
  get depth(): number {
    let depth = 0;
    for (const commit of this.real) depth += commit.depth;
    return depth;
  }

  /** How long these wait, in the box where they wait longest. */
  get waits(): Waits {
    const all = [...this.real].map(({ waits }) => waits);
    return {
      oldestMs: Math.max(0, ...all.map(({ oldestMs }) => oldestMs)),
      standstillMs: Math.max(0, ...all.map(({ standstillMs }) => standstillMs)),
    };
  }

  /** What was accepted is stored and answered before the process ends. */
  async beforeApplicationShutdown(): Promise<void> {
    await Promise.all([...this.commits.values()].map((commit) => commit.drained()));
  }

  private get isStuck(): boolean {
    return [...this.real].some((commit) => commit.isStuck);
  }

  private commitOf(pollId: string, rehearsal: boolean): GroupCommit {
    let commit = this.commits.get(pollId);
    if (commit === undefined) {
      const { voteQueueLimit: queueLimit, voteBatchLimit: batchLimit } = this.environment;
      const receipts = this.receiptsOf(pollId);
      const options = { queueLimit, batchLimit, inFlightLimit: this.log.parallelAppends, receipts };
      commit = new GroupCommit(this.log, ballotBoxStream(pollId), options, this);
      this.commits.set(pollId, commit);
      if (!rehearsal) this.real.add(commit);
    }
    return commit;
  }

  /** The box is open by now: its first event names the key. */
  private receiptsOf(pollId: string): Receipts | undefined {
    const signers = this.environment.voteReceipts === 'on' ? this.boxes.signersOf(pollId) : undefined;
    return signers && new ReceiptIssuer(signers.box.name, signers.receipts);
  }

  appended(batchSize: number, seconds: number): void {
    this.batchSize.observe(batchSize);
    this.duration.observe(seconds);
  }

  retried(error: Error): void {
    this.retries.inc();
    if (performance.now() - this.lastRetryLog < RETRY_LOG_INTERVAL_MS) return;
    this.lastRetryLog = performance.now();
    this.logger.error(
      { err: error, code: 'log-unavailable', queue: this.depth },
      'the event log does not take votes; trying again',
    );
  }

  tooLarge(err: AppendTooLargeError, events: number): void {
    const fields = { err, code: err.code, events };
    if (events === 1) {
      this.logger.error(fields, 'a vote is larger than the event log takes: raise the limit of the log');
    } else if (performance.now() - this.lastHalvesLog >= RETRY_LOG_INTERVAL_MS) {
      this.lastHalvesLog = performance.now();
      this.logger.warn(fields, 'the event log takes smaller appends than VOTE_BATCH_LIMIT: votes go in halves');
    }
  }
}

export const ballotBoxMetrics = [
  makeHistogramProvider({
    name: 'vote_append_batch_size',
    help: 'Votes that left together in one append',
    buckets: [1.5, 2.5, 5.5, 10.5, 20.5, 50.5, 100.5, 200.5, 500.5, 1000.5],
  }),
  makeHistogramProvider({
    name: 'vote_append_duration_seconds',
    help: 'Time from the first attempt to append a batch until it was durable',
    buckets: LATENCY_BUCKETS,
  }),
  makeCounterProvider({
    name: 'vote_append_retries_total',
    help: 'Appends that were sent again after an unknown outcome',
  }),
  makeGaugeProvider({
    name: 'vote_queue_depth',
    help: 'Votes that wait for the event log or are on their way to it; not those of a rehearsal, which has a queue of its own',
  }),
];
