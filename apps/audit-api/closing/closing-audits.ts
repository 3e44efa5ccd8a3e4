import { type BeforeApplicationShutdown, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { InjectMetric, makeGaugeProvider } from '@willsoto/nestjs-prometheus';
import { PinoLogger } from 'nestjs-pino';
import type { Gauge } from 'prom-client';

import { BackOff, isAborted, passed } from '#async';
import type { AuditReport } from '#audit';
import { EventLog } from '#event-log';
import { collectFrom } from '#platform';
import { ReadModel } from '#read-model';

import { type SealedPoll, SealedPolls } from './sealed-polls.ts';

/** How often is looked for polls that were sealed, ms. */
const LOOK_MS = 5000;
/** An audit that does not come about is tried again, and given up when this is over, ms. */
const LIMIT_MS = 600_000;
const PAUSES = { firstPauseMs: 1000, longestPauseMs: 60_000 };

/** `failed`: for ten minutes none came about. */
const OUTCOMES = ['agrees', 'differs', 'failed'] as const;
type Outcome = (typeof OUTCOMES)[number];

/** Counts a poll again from the log and compares it with itself and with the stored tally. */
export abstract class PollAudit {
  /** @throws what the stores throw, and what the signal says */
  abstract of(pollId: string, signal: AbortSignal): Promise<AuditReport>;
}

/**
 * Audits each poll when it is sealed, without being asked, and after a start the one that was sealed last. A poll whose audit
 * did not agree is audited once more when another version of the read model is active: somebody has rebuilt it. That of a
 * rehearsal is told in the log alone: nobody announces its result.
 */
@Injectable()
export class ClosingAudits implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly stopped = new AbortController();
  private readonly polls: SealedPolls;
  private readonly outcomes = new Map<string, { poll: SealedPoll; outcome: Outcome; version: string }>();
  private running: Promise<void> | undefined;

  constructor(
    log: EventLog,
    private readonly readModel: ReadModel,
    private readonly audit: PollAudit,
    private readonly logger: PinoLogger,
    @InjectMetric('closing_audits') audits: Gauge,
  ) {
    logger.setContext('closing-audit');
    this.polls = new SealedPolls(log, readModel);
    collectFrom(audits, () => OUTCOMES.map((outcome) => [{ outcome }, this.count(outcome)]));
  }

  onApplicationBootstrap(): void {
    this.running = this.run();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stopped.abort();
    await this.running;
  }

  private count(outcome: Outcome): number {
    return [...this.outcomes.values()].filter((one) => one.outcome === outcome && !one.poll.rehearsal).length;
  }

  /** Readiness reports an unavailable store; the next look may succeed. */
  private async run(): Promise<void> {
    const { signal } = this.stopped;
    do {
      const version = await this.readModel.active().catch(() => '');
      const due = await this.due(version).catch(() => []);
      for (const poll of due) await this.settle(poll, version);
    } while (await passed(LOOK_MS, signal));
  }

  private async due(version: string): Promise<SealedPoll[]> {
    const again = [...this.outcomes.values()].filter((one) => one.outcome !== 'agrees' && one.version !== version);
    return [...(await this.polls.look()), ...again.map(({ poll }) => poll)];
  }

  /** Audits until there is an outcome, or the time is up. */
  private async settle(poll: SealedPoll, version: string): Promise<void> {
    const { signal } = this.stopped;
    const limit = performance.now() + LIMIT_MS;
    for (const backOff = new BackOff(PAUSES); !signal.aborted; await backOff.wait(signal)) {
      try {
        await this.assertCounted(poll);
        const report = await this.audit.of(poll.pollId, signal);
        this.outcomes.set(poll.pollId, { poll, outcome: report.agrees ? 'agrees' : 'differs', version });
        return this.tell(report, poll.rehearsal);
      } catch (err) {
        if (isAborted(signal)) return;
        if (performance.now() > limit) {
          this.outcomes.set(poll.pollId, { poll, outcome: 'failed', version });
          return this.logger.error({ err: err as Error, poll: poll.pollId }, 'a sealed poll could not be audited');
        }
        this.logger.warn({ err: err as Error, poll: poll.pollId }, 'a sealed poll is not audited yet; trying again');
      }
    }
  }

  /** @throws when the tally of the poll is not final yet */
  private async assertCounted({ pollId, position }: SealedPoll): Promise<void> {
    const reached = (await (await this.readModel.current()).positions()).get(pollId);
    if (reached === undefined || reached < position) throw new Error('the tally has not reached the end of the poll');
  }

  private tell({ pollId, checks, commitment, digest }: AuditReport, rehearsal: boolean): void {
    const failed = checks.filter(({ outcome }) => outcome === 'failed').map(({ id }) => id);
    const fields = { poll: pollId, ...(rehearsal && { rehearsal }), digest, commitment };
    if (failed.length === 0) this.logger.info(fields, 'the audit of a sealed poll agrees');
    else this.logger.error({ ...fields, checks: failed.join() }, 'the audit of a sealed poll does not agree');
  }
}

export const closingAuditMetrics = [
  makeGaugeProvider({
    name: 'closing_audits',
    help: 'Real polls that were audited when they were sealed, since the start, by outcome: agrees, differs, failed',
    labelNames: ['outcome'],
  }),
];
