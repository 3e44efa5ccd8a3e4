import { Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { PinoLogger } from 'nestjs-pino';
import { readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import { PROBLEM_CODES, type ProblemCount } from '#contract';
import { makeFolder, settleFile } from '#files';
import { Environment } from '#platform';

const MINUTE_MS = 60_000;
const KEPT_MINUTES = 60;
/** By so many minutes a clock may be set, and what it had counted comes back with it. */
const SET_MINUTES = 24 * 60;
/** A process that is killed loses at most so much of the history, ms. */
const WRITE_INTERVAL_MS = 5000;
/** More than an hour of every code; a file that is larger is not ours. */
const MAX_BYTES = 1_000_000;
const CODES: ReadonlySet<string> = new Set(PROBLEM_CODES);

/** Code → requests that were answered with it. */
type Counts = Map<string, number>;

/**
 * The problems of the last hour by minute. They outlive the process, in a file of the data directory: what happened just
 * before a restart is what one wants to know after it. A file that cannot be read or written costs the history, and no more.
 */
@Injectable()
export class ProblemHistory implements OnApplicationBootstrap, OnApplicationShutdown {
  /**
   * Minutes since the epoch, with a number for each in which a process ran, in that order. The first ones go, not the earliest: when a clock
   * was set back, the minutes of the last hour seem to be still to come.
   */
  private readonly minutes = new Map<number, Counts>();
  /** What the counters of this process said last. */
  private seen: ReadonlyMap<string, number> = new Map();
  private readonly path: string;
  private timer: NodeJS.Timeout | undefined;
  private writing: Promise<void> = Promise.resolve();
  private isWritable = true;

  constructor(
    { dataDir }: Environment,
    private readonly logger: PinoLogger,
  ) {
    logger.setContext('sre');
    this.path = join(dataDir, 'problem-history.json');
  }

  async onApplicationBootstrap(): Promise<void> {
    for (const [minute, counts] of await this.read()) this.minutes.set(minute, counts);
    this.timer = setInterval(() => void this.write(), WRITE_INTERVAL_MS);
  }

  async onApplicationShutdown(): Promise<void> {
    clearInterval(this.timer);
    await this.write();
  }

  /** Whether the file could be written the last time. */
  get isKept(): boolean {
    return this.isWritable;
  }

  /** @param problems code → requests since the start of this process */
  add(problems: ReadonlyMap<string, number>, now = Date.now()): void {
    const minute = Math.floor(now / MINUTE_MS);
    let counts = this.minutes.get(minute);
    if (counts === undefined) this.minutes.set(minute, (counts = new Map<string, number>()));
    for (const [code, total] of problems) {
      const more = total - (this.seen.get(code) ?? 0);
      if (more > 0) counts.set(code, (counts.get(code) ?? 0) + more);
    }
    this.seen = problems;
    for (const kept of [...this.minutes.keys()].slice(0, -KEPT_MINUTES)) this.minutes.delete(kept);
  }

  /** The problems of the last hour, the most frequent first. */
  lastHour(now = Date.now()): ProblemCount[] {
    const newest = Math.floor(now / MINUTE_MS);
    const hour = Array.from({ length: KEPT_MINUTES }, (_, index) =>
      this.minutes.get(newest - KEPT_MINUTES + 1 + index),
    );
    const codes = new Set(hour.flatMap((counts) => [...(counts?.keys() ?? [])]));
    return [...codes]
      .map((codigo) => ({
        codigo,
        pedidos: hour.reduce((sum, counts) => sum + (counts?.get(codigo) ?? 0), 0),
        por_minuto: hour.map((counts) => (counts === undefined ? null : (counts.get(codigo) ?? 0))),
      }))
      .sort((one, other) => other.pedidos - one.pedidos || one.codigo.localeCompare(other.codigo));
  }

  /** One after the other, beside the file and then in its place: it is there whole, or as it was. */
  private write(): Promise<void> {
    this.writing = this.writing.then(() => this.writeNow());
    return this.writing;
  }

  private async writeNow(): Promise<void> {
    const minutes = [...this.minutes].map(([minute, counts]) => [minute, Object.fromEntries(counts)] as const);
    const draft = `${this.path}.${String(process.pid)}`;
    try {
      makeFolder(dirname(this.path), 0o700);
      await writeFile(draft, JSON.stringify({ minutes: Object.fromEntries(minutes) }), { mode: 0o600, flush: true });
      settleFile(draft, this.path);
      this.isWritable = true;
    } catch (err) {
      if (this.isWritable) this.logger.warn({ err }, 'the history of the problems cannot be written');
      this.isWritable = false;
    }
  }

  private async read(): Promise<Iterable<[minute: number, counts: Counts]>> {
    try {
      const text = await readFile(this.path, 'utf8');
      if (text.length > MAX_BYTES) throw new Error('it is too large');
      return parsed(JSON.parse(text), Math.floor(Date.now() / MINUTE_MS));
    } catch (err) {
      if ((err as NodeJS.ErrnoException).code === 'ENOENT') return [];
      this.logger.warn({ err }, 'the history of the problems cannot be read: it begins anew');
      return [];
    }
  }
}

const isRecent = (minute: number, now: number): boolean => Math.abs(minute - now) < SET_MINUTES;

/** What is right in a file that anybody may have written; minutes that seem to come were before the others. */
function parsed(json: unknown, now: number): [number, Counts][] {
  const isAhead = ([minute]: readonly [number, Counts]): number => Number(minute > now);
  return [...rightIn(json, now)].sort((one, other) => isAhead(other) - isAhead(one)).slice(-KEPT_MINUTES);
}

function* rightIn(json: unknown, now: number): Iterable<[number, Counts]> {
  for (const [name, counts] of Object.entries(fieldsOf(fieldsOf(json)['minutes']))) {
    const minute = Number(name);
    if (!Number.isInteger(minute) || !isRecent(minute, now)) continue;
    const known = Object.entries(fieldsOf(counts)).filter(
      (entry): entry is [string, number] =>
        CODES.has(entry[0]) && Number.isSafeInteger(entry[1]) && Number(entry[1]) > 0,
    );
    yield [minute, new Map(known)];
  }
}

const fieldsOf = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
