import { Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { setImmediate as turn } from 'node:timers/promises';
import { PinoLogger } from 'nestjs-pino';

import { BackOff } from '#async';
import { BALLOT_BOX_PREFIX, type Poll, type RecordedEvent, VoteCodec, ballotBoxStream, pollIdOf } from '#domain';
import { EventLog } from '#event-log';

import { PollDirectory } from '../polls/poll-directory.ts';
import { tailOf } from './box-tail.ts';
import { MOST_REMEMBERED, UsedChallenges } from './used-challenges.ts';

const PAUSES = { firstPauseMs: 100, longestPauseMs: 5000 };

/**
 * Tells this process of the votes that it did not take itself: at the start those of the last minutes, and, where other
 * processes take votes as well, each of theirs as it comes.
 */
@Injectable()
export class BallotBoxReader implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly codec = new VoteCodec();
  private readonly stopped = new AbortController();
  private reading: Promise<void> | undefined;

  constructor(
    private readonly log: EventLog,
    private readonly polls: PollDirectory,
    private readonly used: UsedChallenges,
    private readonly logger: PinoLogger,
  ) {
    logger.setContext('ballot-box-reader');
  }

  /** Nobody waits for it: fresh challenges may be voted with meanwhile. */
  onApplicationBootstrap(): void {
    this.reading = this.read();
  }

  async onModuleDestroy(): Promise<void> {
    this.stopped.abort();
    await this.reading;
  }

  private async read(): Promise<void> {
    const { signal } = this.stopped;
    await Promise.race([this.polls.whenKnown, aborted(signal)]);
    let position: bigint | undefined;
    // what is older than that has expired by then: there is nothing to be read any more
    const limit = performance.now() + this.used.memoryMs;
    await this.trying(async () => {
      position ??= (await this.log.head()).position;
      await this.readTail(this.polls.lastOpened());
    }, limit);
    this.used.becomeComplete();
    // nothing of the real poll waits for it
    const rehearsed = this.trying(() => this.readTail(this.polls.lastRehearsal()), limit);
    if (!this.log.isShared) return rehearsed;
    await this.trying(async () => {
      position ??= (await this.log.head()).position;
      for await (const { events } of this.log.subscribe(position, [BALLOT_BOX_PREFIX], signal)) {
        for (const event of events) this.take(event);
        position = events.at(-1)?.position ?? position;
      }
    }, Infinity);
    await rehearsed;
  }

  /** Reads the last minutes of the box of a poll that was opened last, a page a turn: votes go on meanwhile. */
  private async readTail(poll: Poll | undefined): Promise<void> {
    if (poll === undefined) return;
    const box = ballotBoxStream(poll.id);
    const from = await tailOf(this.log, box, this.used.memoryMs, MOST_REMEMBERED);
    for await (const page of this.log.read(box, from)) {
      for (const event of page) this.take(event);
      if (this.stopped.signal.aborted) return;
      await turn();
    }
  }

  private take(event: RecordedEvent): void {
    const vote = this.codec.voteIn(event);
    if (vote === undefined) return;
    const { voteId, participantId, castAt } = vote;
    this.used.found({ voteId, pollId: pollIdOf(event.stream)!, participantId, castAt, position: event.position });
  }

  /** Tries until it works, the process ends, or the time is over. What fails is logged once. */
  private async trying(run: () => Promise<void>, limit: number): Promise<void> {
    const { signal } = this.stopped;
    let failing = false;
    for (const backOff = new BackOff(PAUSES); !signal.aborted && performance.now() < limit;) {
      try {
        return await run();
      } catch (error) {
        if (!failing) this.logger.warn({ err: error }, 'the ballot box cannot be read; it is tried again');
        failing = true;
        await backOff.wait(signal);
      }
    }
  }
}

const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
