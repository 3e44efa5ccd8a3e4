import { Injectable } from '@nestjs/common';
import { PinoLogger } from 'nestjs-pino';
import { setTimeout as sleep } from 'node:timers/promises';

import { EventLog, firstOfStream } from '#event-log';
import { ProblemError } from '#platform';
import { ReadModel } from '#read-model';
import { type ClosingLeaf, RECORD_BYTES, bitsFor } from '#receipts';
import { type SealedLog, leafOf } from '#seal';
import type { BuiltTile } from '#transparency';

import { RUN_EVENTS, VoteRun } from './vote-run.ts';

/** Rows that are stored together. */
const ROWS_AT_ONCE = 256;
/** For each ms of work so many of rest: votes and results are answered meanwhile, by the same thread. */
const REST = 2;
/** So long whoever asks first waits for the index of a box, ms: that of a small one is made by then. */
const PATIENCE_MS = 3000;

/**
 * Finds the votes of a final ballot box by the beginnings of their ids. The index is made once, in the background, when somebody
 * asks for the first time, of one box at a time; it is kept in the read model, so every instance has it, and it can be made again.
 */
@Injectable()
export class VoteIndex {
  /** The box whose index is made now. */
  private making: { readonly name: string; readonly done: Promise<void> } | undefined;

  constructor(
    private readonly log: EventLog,
    private readonly readModel: ReadModel,
    private readonly logger: PinoLogger,
  ) {
    logger.setContext('vote-index');
  }

  /**
   * The records of the votes whose ids begin so.
   * @param size leaves of the box, which is final
   * @throws ProblemError `urna-busy` while the index is made; ReadModelUnavailableError
   */
  async records(log: SealedLog, size: number, prefix: number): Promise<Uint8Array[]> {
    const name = indexName(log, size);
    const found = await this.find(name, size, prefix);
    if (found !== undefined) return found;
    this.making ??= { name, done: this.make(log, size, name).finally(() => (this.making = undefined)) };
    if (this.making.name === name)
      await Promise.race([this.making.done, sleep(PATIENCE_MS, undefined, { ref: false })]);
    const made = await this.find(name, size, prefix);
    if (made === undefined) throw new ProblemError('urna-busy', 'the index of the votes is being made');
    return made;
  }

  /**
   * The leaf that closes the box.
   * @param index its place
   * @throws ProblemError `urna-not-sealed` where the log has lost it; EventLogUnavailableError
   */
  async closing({ leaves }: SealedLog, index: number): Promise<ClosingLeaf> {
    const event = await firstOfStream(this.log, leaves, BigInt(index));
    if (event === undefined) throw new ProblemError('urna-not-sealed', 'the log has fewer events than were sealed');
    return { index, leaf: leafOf(event) };
  }

  /** Undefined where a row is missing: the index is not there yet, or was dropped. */
  private async find(name: string, size: number, prefix: number): Promise<Uint8Array[] | undefined> {
    const wanted = Array.from({ length: runsOf(size) }, (_, level) => ({ level, index: prefix, width: 1 }));
    const rows = await this.readModel.tiles.read(name, wanted);
    return rows.some(({ length }) => length === 0) ? undefined : rows.flatMap(recordsIn);
  }

  /** Never rejects: who asks next tries again. */
  private async make(log: SealedLog, size: number, name: string): Promise<void> {
    const started = performance.now();
    try {
      // from the last run to the first: while row 0 is not there, nothing is taken for whole
      for (let run = runsOf(size) - 1; run >= 0; run--) await this.makeRun(log, size, name, run);
      this.logger.info(
        { size, ms: Math.round(performance.now() - started) },
        `the votes of ${log.name} can be looked up`,
      );
    } catch (error) {
      this.logger.warn({ err: error }, `the votes of ${log.name} cannot be looked up`);
    }
  }

  private async makeRun({ leaves }: SealedLog, size: number, name: string, number: number): Promise<void> {
    const from = number * RUN_EVENTS;
    const end = BigInt(Math.min(size, from + RUN_EVENTS));
    const run = new VoteRun(number, bitsFor(size), Number(end) - from);
    let seen = from;
    for await (const page of this.log.read(leaves, BigInt(from))) {
      const started = performance.now();
      for (const event of page) {
        if (event.revision < end) run.add(event);
        seen++;
      }
      if (seen >= Number(end)) break;
      await sleep((performance.now() - started) * REST);
    }
    // a log that was restored from a backup: votes must not seem to be missing
    if (seen < Number(end)) throw new Error('the log has fewer events than were sealed');
    let rows: BuiltTile[] = [];
    for (const row of run.rows()) {
      if (rows.push(row) < ROWS_AT_ONCE) continue;
      await this.readModel.tiles.save(name, rows);
      await sleep(REST);
      rows = [];
    }
    await this.readModel.tiles.save(name, rows);
  }
}

/** Its own for each size: a box that grew by votes that came too late has another one. */
const indexName = ({ name }: SealedLog, size: number): string => `${name}/votos/${size}`;

const runsOf = (size: number): number => Math.ceil(size / RUN_EVENTS);

/** Without the mark at its beginning. */
const recordsIn = (row: Uint8Array): Uint8Array[] =>
  Array.from({ length: row.length / RECORD_BYTES - 1 }, (_, place) =>
    row.subarray((place + 1) * RECORD_BYTES, (place + 2) * RECORD_BYTES),
  );
