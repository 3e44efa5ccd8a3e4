import { type BeforeApplicationShutdown, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { PinoLogger } from 'nestjs-pino';
import { setTimeout as delay } from 'node:timers/promises';

import { POLL_STREAM_PREFIXES } from '#domain';
import { EventLog } from '#event-log';
import { ReadModel, TallyConflictError } from '#read-model';
import { Readiness } from '#platform';

import { Projection } from './projection.ts';
import { ProjectorMetrics } from './projector-metrics.ts';

/** Tallies are stored this often at most while votes come in, ms. */
const SAVE_INTERVAL_MS = 50;
const HEARTBEAT_MS = 1000;
const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 5000;

/** Follows the log, folds it, and keeps the read model up to date. Whatever breaks, it starts again from what is stored. */
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
      await Promise.all([log.head(), readModel.checkpoint()]);
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
    for (let pause = FIRST_PAUSE_MS; !this.stopped.signal.aborted; pause = Math.min(pause * 2, LONGEST_PAUSE_MS)) {
      try {
        await this.follow(() => (pause = FIRST_PAUSE_MS));
      } catch (error) {
        this.healthy = false;
        this.metrics.isBehind();
        const message = error instanceof TallyConflictError ? 'two folds disagree' : 'the projection broke';
        this.logger.error({ err: error as Error }, `${message}; starting again from what is stored`);
        await delay(pause, undefined, { signal: this.stopped.signal }).catch(() => undefined);
      }
    }
  }

  private async follow(onProgress: () => void): Promise<void> {
    const projection = await Projection.restore(this.readModel);
    const heartbeat = setInterval(() => void this.beat(projection), HEARTBEAT_MS);
    try {
      let savedAt = 0;
      let first: bigint | undefined;
      const pages = this.log.subscribe(projection.resumeFrom, POLL_STREAM_PREFIXES, this.stopped.signal);
      for await (const { events, caughtUp } of pages) {
        this.metrics.isBehind();
        first ??= events[0]?.position;
        projection.fold(events, caughtUp);
        const wait = savedAt + SAVE_INTERVAL_MS - performance.now();
        // behind: fold on. Caught up: wait, so that more events gather for the next page
        if (wait > 0 && !caughtUp) continue;
        if (wait > 0) await delay(wait);
        for (const event of await projection.save())
          this.logger.error(event, 'an event cannot be read: it is not counted');
        this.logFolded(first, projection.position);
        first = undefined;
        savedAt = performance.now();
        this.healthy = true;
        this.metrics.hasStored(projection);
        onProgress();
      }
    } finally {
      clearInterval(heartbeat);
    }
  }

  /** Tells readers that the projector is alive although nothing happens. */
  private async beat(projection: Projection): Promise<void> {
    try {
      await projection.saveCheckpoint();
    } catch (error) {
      this.logger.warn({ err: error }, 'the checkpoint could not be stored');
    }
  }

  /** A request's position is between those of one such line: so a vote can be followed, and nobody's choice is said. */
  private logFolded(first: bigint | undefined, last: bigint): void {
    if (first === undefined || !this.logger.logger.isLevelEnabled('debug')) return;
    this.logger.debug({ first_position: String(first), position: String(last) }, 'folded and stored');
  }
}
