import { Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { PinoLogger } from 'nestjs-pino';

import { passed } from '#async';
import { POLL_STATE_LIMIT_MS, type Poll, ruleOf } from '#domain';
import { EventLog, EventLogUnavailableError } from '#event-log';
import { Readiness } from '#platform';

import { PollDirectory } from '../polls/poll-directory.ts';

/** Between two looks at the log, ms: several may fail before a vote is refused. */
const INTERVAL_MS = 1000;
/** How far this host's clock may be behind the log's, ms: far less than the grace of the ids of rule 1. */
const CLOCK_TOLERANCE_MS = 5000;

/**
 * Asks the log every second whether what votes are taken on still holds: that the poll on air is as this process knows it, and,
 * for a poll of rule 1, that the clocks agree. A vote accepted on less could be stored after the cut, or be expired when it
 * is stored.
 */
@Injectable()
export class LogWatch implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly stopped = new AbortController();
  /** When the last look that succeeded began, on the clock of `performance.now()`. */
  private confirmedAt = -Infinity;
  /** The same of the rehearsal: what is wrong with that one stops no real vote. */
  private rehearsalConfirmedAt = -Infinity;
  private rehearsalLook: Promise<void> | undefined;
  /** When the log took its last event, on its own clock. */
  private recordedAt = 0;
  /** Running maximum of these times: the fold of rule 1 goes by it, also after the log's clock was set back. */
  private logClock = 0;
  private watching: Promise<void> | undefined;
  private failing = false;

  constructor(
    private readonly log: EventLog,
    private readonly directory: PollDirectory,
    readiness: Readiness,
    private readonly logger: PinoLogger,
  ) {
    logger.setContext('log-watch');
    readiness.add('event-log', async () => {
      await this.log.head();
      this.assertConfirmed();
    });
    // whose challenges look older or younger elsewhere had better be set right; a log without a clock of its own says nothing
    if (log.isShared) readiness.add('clock', () => Promise.try(() => assertNotBehind(this.recordedAt)));
  }

  /**
   * Whether a vote may be taken on what this process knows. A few comparisons: every vote asks.
   * @throws EventLogUnavailableError
   */
  assertTrustworthy(poll: Poll): void {
    this.assertConfirmed(poll.rehearsal ? this.rehearsalConfirmedAt : this.confirmedAt);
    if (ruleOf(poll) === 1) assertNotBehind(this.logClock);
  }

  private assertConfirmed(confirmedAt = this.confirmedAt): void {
    if (performance.now() - confirmedAt > POLL_STATE_LIMIT_MS) {
      throw new EventLogUnavailableError('the log has not confirmed lately that the poll is open');
    }
  }

  /** Votes are taken after the first look. The start does not wait for an unavailable log. */
  async onApplicationBootstrap(): Promise<void> {
    const first = this.look();
    this.watching = first.then(() => this.watch());
    await Promise.race([first, passed(INTERVAL_MS, this.stopped.signal)]);
  }

  async onModuleDestroy(): Promise<void> {
    this.stopped.abort();
    await this.watching;
  }

  private async watch(): Promise<void> {
    while (await passed(INTERVAL_MS, this.stopped.signal)) await this.look();
  }

  /** Looks at the log now. What fails is logged once; a vote learns of it when the last good look is too old. */
  async look(): Promise<void> {
    const began = performance.now();
    this.rehearsalLook ??= this.lookAtRehearsal(began).finally(() => (this.rehearsalLook = undefined));
    try {
      const [{ recordedAt }] = await Promise.all([this.log.head(), this.directory.confirm()]);
      this.recordedAt = recordedAt;
      this.logClock = Math.max(this.logClock, recordedAt);
      this.confirmedAt = began;
      this.failing = false;
    } catch (error) {
      if (!this.failing) this.logger.warn({ err: error }, 'the event log does not answer; soon no votes are taken');
      this.failing = true;
    }
  }

  /** On its own: nothing of the real poll waits for it. */
  private async lookAtRehearsal(began: number): Promise<void> {
    try {
      await this.directory.confirmRehearsal();
      this.rehearsalConfirmedAt = began;
    } catch {
      // what is wrong with the whole log is logged by the look at the real poll
    }
  }
}

/** @throws EventLogUnavailableError */
function assertNotBehind(logClock: number): void {
  const behind = logClock - Date.now();
  if (behind > CLOCK_TOLERANCE_MS) {
    throw new EventLogUnavailableError(`this clock is ${String(behind)} ms behind the log's`);
  }
}
