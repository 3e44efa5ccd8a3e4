import { Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { accessSync, constants, rmSync } from 'node:fs';
import { join } from 'node:path';
import { PinoLogger } from 'nestjs-pino';

import { makeFolder } from '#files';
import { Environment, RequestObserver } from '#platform';

import { AddressTable } from './address-table.ts';
import { CROWD } from './crowds.ts';
import { type Earlier, removeBefore, takeEarlier } from './earlier-records.ts';
import { type Hours, type RecordKind, recordName } from './record-file.ts';
import { type RecordOrder, writeInThread } from './record-thread.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const LOOK_INTERVAL_MS = 1000;
/** Pause after a write that failed, and records that may wait for the next try; then the oldest is given up. */
const RETRY_MS = 60_000;
const MAX_WAITING = 3;
const WRITE_LIMIT_MS = 60_000;
/** A stop has ten seconds. */
const LAST_WRITE_LIMIT_MS = 4000;
/** Six months: how long Marco Civil da Internet (Lei 12.965/2014, art. 15) has records kept, and LGPD lets them be kept. */
const KEPT_MS = 184 * DAY_MS;
/** What a voter does at this service. */
const ROUTES = new Set(['/desafio', '/votar/:participante']);

/** A record that is to be written, and the files that are in it, which go when it is. */
interface Waiting extends RecordOrder {
  readonly sources: readonly string[];
}

/**
 * The record of who used the voting, which the law may ask for: a file for each full hour (or as many as the operator says), sorted by
 * address, with counts that at least fifty addresses share. Hours with fewer addresses are joined with the next ones. It says
 * nothing of when within its hours a request came, so that it cannot be put beside the votes. Until then all of it is in memory.
 */
@Injectable()
export class AddressRecord implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly directory: string;
  private readonly lengthMs: number;
  private table: AddressTable;
  private hours: Hours;
  /** Files of earlier processes that are in the table. */
  private sources: readonly string[] = [];
  private waiting: Waiting[] = [];
  private writing: Promise<void> | undefined;
  private retryAt = -Infinity;
  private timer: NodeJS.Timeout | undefined;

  constructor(
    { addressRecordDir, addressRecordHours, dataDir }: Environment,
    private readonly observer: RequestObserver,
    private readonly logger: PinoLogger,
  ) {
    logger.setContext('address-record');
    this.directory = addressRecordDir ?? join(dataDir, 'address-record');
    this.lengthMs = addressRecordHours === 'off' ? 0 : Number(addressRecordHours) * HOUR_MS;
    this.table = new AddressTable();
    this.hours = this.present();
  }

  /** @throws when the directory cannot be written: the operator has to know before anybody votes */
  onApplicationBootstrap(): void {
    if (this.lengthMs === 0) return;
    const earlier = this.takeEarlier();
    if (earlier !== undefined) {
      this.hours = { from: Math.min(earlier.hours.from, this.hours.from), to: earlier.hours.to };
      this.sources = earlier.files;
    }
    this.look();
    this.observer.follow((request, code) => this.count(request, code));
    this.timer = setInterval(() => this.look(), LOOK_INTERVAL_MS).unref();
  }

  /** What there is of the present hour waits in a file for the next start. */
  async onApplicationShutdown(): Promise<void> {
    clearInterval(this.timer);
    if (this.lengthMs === 0) return;
    await this.writing;
    if (this.table.size > 0) this.finish('open');
    await this.write(LAST_WRITE_LIMIT_MS);
  }

  /** Closes the record of hours that are over, and tries what failed once more. */
  look(): void {
    const { from, to } = this.present();
    if (to !== this.hours.to) {
      if (this.table.size >= CROWD) this.finish('complete');
      this.hours = { from: this.table.size === 0 ? from : Math.min(this.hours.from, from), to };
    }
    if (this.waiting.length > 0 && this.writing === undefined && performance.now() >= this.retryAt)
      this.writing = this.write(WRITE_LIMIT_MS).finally(() => (this.writing = undefined));
  }

  private takeEarlier(): Earlier | undefined {
    try {
      makeFolder(this.directory, 0o700);
      accessSync(this.directory, constants.W_OK);
      return takeEarlier(this.directory, this.table);
    } catch (error) {
      const { message } = error as Error;
      throw new Error(`ADDRESS_RECORD_DIR must be a folder that can be written (${message})`, { cause: error });
    }
  }

  /** Not who rehearses: a load of made-up addresses would pass for the crowd that hides a voter. */
  private count({ ip, observedAs, routeOptions: { url = '' } }: FastifyRequest, code: string | undefined): void {
    if (ROUTES.has(url) && observedAs === undefined) this.table.count(ip, code);
  }

  /** The hours that the wall clock is in, wherever it was set to. */
  private present(): Hours {
    const from = Math.floor(Date.now() / this.lengthMs) * this.lengthMs;
    return { from, to: from + this.lengthMs };
  }

  private finish(kind: RecordKind): void {
    const { directory, hours, table, sources } = this;
    this.waiting.push({ directory, name: recordName(kind, hours), counts: table, sources });
    this.table = new AddressTable();
    this.sources = [];
    if (this.waiting.length <= MAX_WAITING) return;
    const [lost] = this.waiting.splice(0, 1);
    this.logger.error({ addresses: lost?.counts.size }, 'a record of addresses could not be written and is given up');
  }

  /** Writes what waits; what fails goes on waiting. */
  private async write(limitMs: number): Promise<void> {
    const orders = this.waiting;
    this.waiting = [];
    for (const order of orders) {
      try {
        await writeInThread(order, limitMs);
        for (const source of order.sources) rmSync(source, { force: true });
        this.logger.info({ addresses: order.counts.size }, 'a record of addresses was written');
      } catch (err) {
        this.waiting.push(order);
        this.retryAt = performance.now() + RETRY_MS;
        this.logger.error({ err, waiting: this.waiting.length }, 'a record of addresses cannot be written');
      }
    }
    this.forget();
  }

  /** Removes what is older than the law has it kept, whichever instance wrote it. */
  private forget(): void {
    try {
      removeBefore(this.directory, Date.now() - KEPT_MS);
    } catch (err) {
      this.logger.warn({ err }, 'old records of addresses cannot be removed');
    }
  }
}
