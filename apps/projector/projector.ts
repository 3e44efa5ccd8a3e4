import { type BeforeApplicationShutdown, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { PinoLogger } from 'nestjs-pino';

import { BackOff } from '#async';
import { EventLog } from '#event-log';
import { ReadModel, TallyConflictError } from '#read-model';
import { Readiness } from '#platform';
import { Projection, follow } from '#projection';

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
        await this.follow(() => backOff.reset());
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
  private async follow(onProgress: () => void): Promise<void> {
    const store = await this.readModel.current();
    const projection = await Projection.restore(store);
    const moved = new AbortController();
    let first: bigint | undefined;
    await follow(this.log, projection, AbortSignal.any([this.stopped.signal, moved.signal]), {
      fold: ({ events, caughtUp }) => {
        this.metrics.isBehind();
        first ??= events[0]?.position;
        projection.fold(events, caughtUp);
      },
      onSave: (quarantined) => {
        for (const event of quarantined) this.logger.error(event, 'an event cannot be read: it is not counted');
        this.logFolded(first, projection.position);
        first = undefined;
        this.healthy = true;
        this.metrics.hasStored(projection);
        onProgress();
      },
      onBeat: async () => {
        if ((await this.readModel.active()) !== store.version) moved.abort();
      },
      onMissedBeat: (error) => this.logger.warn({ err: error }, 'the checkpoint could not be stored'),
    });
    if (moved.signal.aborted)
      this.logger.info({ version: store.version }, 'another version of the read model is active');
  }

  /** A request's position is between those of one such line: so a vote can be followed, and nobody's choice is said. */
  private logFolded(first: bigint | undefined, last: bigint): void {
    if (first === undefined || !this.logger.logger.isLevelEnabled('debug')) return;
    this.logger.debug({ first_position: String(first), position: String(last) }, 'folded and stored');
  }
}
