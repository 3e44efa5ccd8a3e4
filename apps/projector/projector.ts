import { type BeforeApplicationShutdown, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { PinoLogger } from 'nestjs-pino';

import { BackOff } from '#async';
import { EventLog } from '#event-log';
import { ReadModel, TallyConflictError, type TallyStore } from '#read-model';
import { Readiness } from '#platform';
import { Projection, type QuarantineNews, type SkippedEvents, follow } from '#projection';

import { FoldedRange } from './folded-range.ts';
import { ProjectorMetrics } from './projector-metrics.ts';

const PAUSES = { firstPauseMs: 100, longestPauseMs: 5000 };

/** Follows the log, folds it, and keeps the active version of the read model up to date. Whatever breaks, it starts again from what is stored. */
@Injectable()
export class Projector implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly stopped = new AbortController();
  private running: Promise<void> | undefined;
  private healthy = false;

  constructor(
    private readonly log: EventLog,
    private readonly readModel: ReadModel,
    readiness: Readiness,
    private readonly logger: PinoLogger,
    private readonly metrics: ProjectorMetrics,
  ) {
    logger.setContext('projector');
    // While no votes come, nothing else would notice that one of the stores is away.
    readiness.add('projector', async () => {
      if (!this.healthy) throw new Error('the projection is not running');
      await Promise.all([log.head(), readModel.active()]);
    });
  }

  onApplicationBootstrap(): void {
    this.running = this.run();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stopped.abort();
    await this.running;
  }

  private async run(): Promise<void> {
    const backOff = new BackOff(PAUSES);
    while (!this.stopped.signal.aborted) {
      try {
        await this.project(await this.readModel.current(), () => backOff.reset());
      } catch (error) {
        this.healthy = false;
        this.metrics.isBehind();
        const message = error instanceof TallyConflictError ? 'two folds disagree' : 'the projection broke';
        this.logger.error({ err: error as Error }, `${message}; starting again from what is stored`);
        await backOff.wait(this.stopped.signal);
      }
    }
  }

  /** Until the signal, or until another version is active. */
  private async project(store: TallyStore, onProgress: () => void): Promise<void> {
    const projection = await Projection.restore(store, this.log);
    projection.onSkipped = (skipped) => {
      this.metrics.skipped(skipped);
      this.logSkipped(skipped);
    };
    const moved = new AbortController();
    const told = new FoldedRange(this.logger);
    const following = follow(this.log, projection, AbortSignal.any([this.stopped.signal, moved.signal]), {
      fold: async ({ events, caughtUp }) => {
        this.metrics.isBehind();
        told.begins(events[0]?.position);
        await projection.fold(events, caughtUp);
      },
      onSave: (quarantined) => {
        quarantined.forEach((news) => this.logQuarantine(news));
        told.stored(projection.position);
        this.healthy = true;
        this.metrics.hasStored(projection);
        onProgress();
      },
      onSaveFailed: (error) => {
        this.healthy = false;
        this.logger.error({ err: error }, 'the tallies could not be stored; trying again');
      },
      onBeat: async () => {
        told.tell();
        for (const poll of await projection.foreign()) {
          this.logger.error({ poll }, 'there is a tally of a poll that the log does not have: it is not served');
        }
        if ((await this.readModel.active()) !== store.version) moved.abort();
      },
      onMissedBeat: (error) => this.logger.warn({ err: error }, 'the checkpoint could not be stored'),
    });
    await following.finally(() => told.tell());
    if (moved.signal.aborted)
      this.logger.info({ version: store.version }, 'another version of the read model is active');
  }

  private logSkipped({ stream, from, to, found }: SkippedEvents): void {
    const lost = Number(to - from) + 1 - found;
    const fields = { stream, first_revision: String(from), revision: String(to), found, lost };
    if (lost === 0) this.logger.error(fields, 'the log left out events; they were read again');
    else this.logger.error(fields, 'the log has lost events: the tally is not complete');
  }

  private logQuarantine({ pollId, events, total, unlisted }: QuarantineNews): void {
    for (const event of events) this.logger.error(event, 'an event cannot be read: it is not counted');
    if (unlisted > 0) {
      this.logger.error({ poll: pollId, quarantined: total }, 'more events cannot be read than are listed one by one');
    }
  }
}
