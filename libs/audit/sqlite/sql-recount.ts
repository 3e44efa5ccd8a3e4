import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';

import type { RecordedEvent } from '#domain';

import type { Counts } from '../counts.ts';
import { Differences } from '../differences.ts';
import { isoOf } from '../order-check.ts';
import { COUNT, HOURS, IMPOSSIBLE_TIMES, REPEATED, SUMMARY, TABLES, VERDICTS, insert } from './rules.ts';

/** Memory for pages and sorting; what is more goes to a file that nobody else sees and that is gone when it is closed. */
const SETTINGS = `
  PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA locking_mode = EXCLUSIVE;
  PRAGMA temp_store = FILE; PRAGMA cache_size = -32768; PRAGMA threads = 1`;
const ROWS_AT_ONCE = 50;
const VALUES_PER_ROW = 6;
const PARTICIPANTS = 2;

/**
 * Counts a ballot box a second time, with SQL over a temporary table, and shares nothing with the fold: so a wrong fold
 * cannot confirm itself. The table is in a temporary file, which takes about 100 bytes an event, in the directory that
 * `SQLITE_TMPDIR` names, else `TMPDIR`, else `/var/tmp`.
 */
export class SqlRecount {
  private readonly database = new DatabaseSync('');
  private readonly inserts = new Map<number, StatementSync>();
  private waiting: SQLInputValue[] = [];
  private clock = 0;

  constructor() {
    this.database.exec(SETTINGS);
    this.database.exec(TABLES);
    this.database.exec('BEGIN');
  }

  /** Takes the next event of the ballot box. */
  add({ revision, recordedAt, type, version, data }: RecordedEvent): void {
    const text = Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString('utf8');
    if (recordedAt > this.clock) this.clock = recordedAt;
    this.waiting.push(revision, recordedAt, this.clock, type, version, text);
    if (this.waiting.length === ROWS_AT_ONCE * VALUES_PER_ROW) this.insert();
  }

  /** Counts what was added. Nothing else of the thread goes on meanwhile (about 3 s for a million). */
  counts(): Counts {
    this.insert();
    this.database.exec(REPEATED);
    this.database.exec(COUNT);
    const { events, readable, cuts, revision, cut } = this.database.prepare(SUMMARY).get() as unknown as Summary;
    const rows = this.database.prepare(VERDICTS).all() as unknown as { verdict: string; votes: number }[];
    const verdicts = new Map(rows.map(({ verdict, votes }) => [verdict, votes]));
    const inTime = rows.reduce((sum, { votes }) => sum + votes, 0);
    return {
      events,
      revision: revision ?? '-1',
      ...this.votes(),
      duplicates: verdicts.get('duplicate') ?? 0,
      late: verdicts.get('late') ?? 0,
      expired: readable - inTime,
      quarantined: events - cuts - readable + (verdicts.get('quarantined') ?? 0),
      cuts,
      cut,
    };
  }

  /** Votes whose times the service cannot have written. */
  impossibleTimes(stream: string): Differences {
    this.insert();
    const differences = new Differences();
    const statement = this.database.prepare(IMPOSSIBLE_TIMES);
    // a log holds 64 bits for a time, and a number 53
    statement.setReadBigInts(true);
    for (const row of statement.iterate()) {
      const { revision, recorded_at, cast_at, expires_at } = row as Record<string, bigint>;
      const [recorded, cast, expires] = [recorded_at, cast_at, expires_at].map((time) => isoOf(Number(time)));
      differences.add(
        `${stream}, revisão ${String(revision)}: voto de ${cast}, desafio até ${expires}, registrado em ${recorded}`,
      );
    }
    return differences;
  }

  close(): void {
    this.database.close();
  }

  private votes(): Pick<Counts, 'votes' | 'hours'> {
    const votes = new Array<number>(PARTICIPANTS).fill(0);
    const hours: Record<string, number[]> = {};
    for (const row of this.database.prepare(HOURS).iterate()) {
      const { hour, participant, votes: count } = row as { hour: string; participant: number; votes: number };
      votes[participant - 1] = (votes[participant - 1] ?? 0) + count;
      (hours[hour] ??= new Array<number>(PARTICIPANTS).fill(0))[participant - 1] = count;
    }
    return { votes, hours };
  }

  private insert(): void {
    const rows = this.waiting.length / VALUES_PER_ROW;
    if (rows === 0) return;
    let statement = this.inserts.get(rows);
    if (statement === undefined) {
      statement = this.database.prepare(insert(rows));
      this.inserts.set(rows, statement);
    }
    statement.run(...this.waiting);
    this.waiting = [];
  }
}

interface Summary {
  readonly events: number;
  readonly readable: number;
  readonly cuts: number;
  readonly revision: string | null;
  readonly cut: string | null;
}
