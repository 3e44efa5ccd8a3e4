import { type BeforeApplicationShutdown, Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { InjectMetric, makeGaugeProvider } from '@willsoto/nestjs-prometheus';
import { PinoLogger } from 'nestjs-pino';
import type { Gauge } from 'prom-client';

import { BackOff, passed } from '#async';
import { POLL_PREFIX, type Poll, type RecordedEvent, decisionIn, evolve, isBoxPublic, pollIdOf } from '#domain';
import { EventLog, START } from '#event-log';
import { SECRETS, type Secrets, collectFrom } from '#platform';
import { ReadModel } from '#read-model';
import { SealKeys, sealedLogsOf } from '#seal';

import type { Series } from '../projector-metrics.ts';
import type { Sealed } from './cosigning.ts';
import { LogSeal } from './log-seal.ts';
import { SealWitnesses } from './seal-witnesses.ts';

/** Between two checkpoints of a log, ms. */
const INTERVAL_MS = 1000;
const PAUSES = { firstPauseMs: 100, longestPauseMs: 5000 };

/** What is known of a poll, and the seals of its logs once its box is open. */
interface Sealing {
  readonly poll: Poll | undefined;
  readonly logs?: readonly LogSeal[];
  /** Something was decided since the logs were sealed. */
  readonly isNew: boolean;
}

/**
 * Seals the logs of the polls, beside the projector and after it: once a second those in which something is new. Every projector does
 * so; of two that sign at a time the log takes one.
 */
@Injectable()
export class Sealer implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly stopped = new AbortController();
  private readonly keys: SealKeys;
  private readonly polls = new Map<string, Sealing>();
  private readonly busy = new Map<string, Promise<void>>();
  private readonly strange = new Set<string>();
  private running: Promise<unknown> | undefined;

  constructor(
    private readonly log: EventLog,
    private readonly readModel: ReadModel,
    @Inject(SECRETS) { seal, sealElsewhere }: Pick<Secrets, 'seal' | 'sealElsewhere'>,
    private readonly witnesses: SealWitnesses,
    @InjectMetric('seal_size') size: Gauge,
    @InjectMetric('seal_unsealed_seconds') unsealed: Gauge,
    @InjectMetric('seal_refused') refused: Gauge,
    private readonly logger: PinoLogger,
  ) {
    logger.setContext('sealer');
    this.keys = new SealKeys(seal, sealElsewhere);
    collectFrom(size, () => this.series((log) => log.size));
    collectFrom(unsealed, () => this.series((log) => log.unsealedSeconds));
    collectFrom(refused, () => this.series((log) => Number(log.isRefused)));
  }

  onApplicationBootstrap(): void {
    if (this.log.canAppend) this.running = Promise.all([this.follow(), this.seal()]);
    else this.logger.info('the log can only be read here: nothing is sealed');
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stopped.abort();
    await this.running;
    await Promise.all(this.busy.values());
  }

  /** The logs that are sealed here, those of the last poll first. A rehearsal is for whoever has its link. */
  *sealed(): Iterable<Sealed> {
    for (const { poll, logs = [] } of [...this.polls.values()].reverse()) {
      const isPublic = poll !== undefined && poll.rehearsal === undefined && isBoxPublic(poll, Date.now());
      for (const log of logs) yield { log, isPublic };
    }
  }

  /** Learns of the polls, and of what is decided about them. */
  private async follow(): Promise<void> {
    const backOff = new BackOff(PAUSES);
    const { signal } = this.stopped;
    let position = START;
    while (!signal.aborted) {
      try {
        for await (const { events } of this.log.subscribe(position, [POLL_PREFIX], signal)) {
          for (const event of events) this.take(event);
          position = events.at(-1)?.position ?? position;
          backOff.reset();
        }
      } catch (error) {
        this.logger.warn({ err: error }, 'the poll subscription broke; opening it again');
        await backOff.wait(signal);
      }
    }
  }

  private take(event: RecordedEvent): void {
    const id = pollIdOf(event.stream)!;
    const known = this.polls.get(id);
    const decision = decisionIn(event);
    const poll = decision === undefined ? known?.poll : evolve(known?.poll, decision);
    this.polls.set(id, { ...known, poll, isNew: true });
  }

  private async seal(): Promise<void> {
    while (await passed(INTERVAL_MS, this.stopped.signal)) {
      for (const [id, sealing] of this.polls) {
        if (!this.busy.has(id) && this.isWanted(id, sealing))
          this.busy.set(
            id,
            this.tick(id).finally(() => this.busy.delete(id)),
          );
      }
    }
  }

  /** A poll of another deployment only when something was decided: then its box is looked at again. */
  private isWanted(id: string, sealing: Sealing): boolean {
    return (sealing.isNew && sealing.poll?.ballotBoxes !== undefined) || (!this.strange.has(id) && isUnsealed(sealing));
  }

  /** A poll on its own: one whose tiles are built anew keeps no other waiting. */
  private async tick(id: string): Promise<void> {
    this.change(id, { isNew: false });
    try {
      const logs = this.polls.get(id)!.logs ?? (await this.logsOf(id));
      if (logs !== undefined) this.change(id, { logs });
      await Promise.all((logs ?? []).map((log) => log.tick(this.stopped.signal)));
    } catch (error) {
      this.change(id, { isNew: true });
      this.logger.warn({ err: error, poll: id }, 'the logs of a poll cannot be read; trying again');
    }
  }

  private change(id: string, change: Partial<Sealing>): void {
    this.polls.set(id, { ...this.polls.get(id)!, ...change });
  }

  private async logsOf(id: string): Promise<readonly LogSeal[] | undefined> {
    const found = await sealedLogsOf(this.log, id, this.keys);
    if (found === 'foreign' && !this.strange.has(id)) {
      this.strange.add(id);
      this.logger.warn({ poll: id }, 'the ballot box was not opened by this deployment: it is not sealed here');
    }
    if (typeof found === 'string') return undefined;
    const stores = { log: this.log, tiles: this.readModel.tiles };
    return found.map((one) => new LogSeal(one, stores, this.witnesses, this.logger));
  }

  /** Of polls that are not over, or that wait for somebody to decide, and of the last one. */
  private *series(valueOf: (log: LogSeal) => number): Series {
    const last = [...this.polls.values()].findLast(({ logs }) => logs !== undefined);
    for (const sealing of this.polls.values()) {
      const { poll, logs = [] } = sealing;
      if (sealing !== last && !isRunning(poll) && !logs.some(({ isRefused }) => isRefused)) continue;
      for (const log of logs) yield [{ poll: poll?.id ?? '', log: log.name.split('/')[1]! }, valueOf(log)];
    }
  }
}

const isRunning = (poll: Poll | undefined): boolean => poll?.status === 'open' || poll?.status === 'closed';
const isUnsealed = ({ poll, logs = [] }: Sealing): boolean =>
  poll?.ballotBoxes !== undefined &&
  (isRunning(poll) || logs.some(({ isRefused, unsealedSeconds }) => isRefused || unsealedSeconds > 0));

export const sealerMetrics = [
  makeGaugeProvider({ name: 'seal_size', help: 'Leaves of a log that are sealed', labelNames: ['poll', 'log'] }),
  makeGaugeProvider({
    name: 'seal_unsealed_seconds',
    help: 'Age of the oldest leaf of a log that is not sealed; 0 when all is. It grows while nothing can be sealed',
    labelNames: ['poll', 'log'],
  }),
  makeGaugeProvider({
    name: 'seal_refused',
    help: '1 while a log is not sealed because it is not the one that was published',
    labelNames: ['poll', 'log'],
  }),
];
