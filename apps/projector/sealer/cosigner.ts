import { type BeforeApplicationShutdown, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { InjectMetric, makeCounterProvider, makeGaugeProvider } from '@willsoto/nestjs-prometheus';
import { PinoLogger } from 'nestjs-pino';
import type { Counter, Gauge } from 'prom-client';

import { passed } from '#async';
import { collectFrom } from '#platform';
import { ReadModel } from '#read-model';

import { Cosigning } from './cosigning.ts';
import { SealWitnesses } from './seal-witnesses.ts';
import { Sealer } from './sealer.ts';

/** Between two rounds of a witness, ms. */
const INTERVAL_MS = 1000;

/** Gets the checkpoints that the sealer published cosigned. Each witness has a loop of its own, and the sealer waits for none of them. */
@Injectable()
export class Cosigner implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly stopped = new AbortController();
  private readonly all: readonly Cosigning[];
  private running: Promise<unknown> | undefined;

  constructor(
    private readonly sealer: Sealer,
    witnesses: SealWitnesses,
    { tiles }: ReadModel,
    @InjectMetric('witness_answers_total') answers: Counter,
    @InjectMetric('witness_waiting_seconds') waiting: Gauge,
    @InjectMetric('witness_cosignature_age_seconds') age: Gauge,
    private readonly logger: PinoLogger,
  ) {
    logger.setContext('cosigner');
    const heard = (witness: string, outcome: string): void => answers.inc({ witness, outcome });
    this.all = witnesses.clients.map((client) => new Cosigning(client, witnesses, tiles, heard));
    collectFrom(waiting, () => this.all.map(({ witness, waitingSeconds }) => [{ witness }, waitingSeconds]));
    collectFrom(age, () =>
      this.all.flatMap(({ witness, ageSeconds }) => (ageSeconds === undefined ? [] : [[{ witness }, ageSeconds]])),
    );
  }

  onApplicationBootstrap(): void {
    this.running = Promise.all(this.all.map((one) => this.follow(one)));
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stopped.abort();
    await this.running;
  }

  private async follow(cosigning: Cosigning): Promise<void> {
    const { signal } = this.stopped;
    let isFailing = false;
    while (await passed(INTERVAL_MS, signal)) {
      try {
        await cosigning.round(this.sealer.sealed(), signal);
        isFailing = false;
      } catch (error) {
        const fields = { err: error, witness: cosigning.witness };
        if (!isFailing) this.logger.warn(fields, 'published checkpoints cannot be read or amended; trying again');
        isFailing = true;
      }
    }
  }
}

export const cosignerMetrics = [
  makeCounterProvider({
    name: 'witness_answers_total',
    help: 'Answers of a witness that was asked for a cosignature: cosigned, failed, or stale, ahead and fork where it has seen something else',
    labelNames: ['witness', 'outcome'],
  }),
  makeGaugeProvider({
    name: 'witness_waiting_seconds',
    help: 'How long a published checkpoint waits for the cosignature of a witness; 0 when it has all that it may see',
    labelNames: ['witness'],
  }),
  makeGaugeProvider({
    name: 'witness_cosignature_age_seconds',
    help: 'Age of the last cosignature of a witness since the start',
    labelNames: ['witness'],
  }),
];
