import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';

import type { RecordedEvent } from '#domain';

import type { Counts } from '../counts.ts';
import { Findings, Observed, type Place, finding } from '../findings.ts';
import { isoOf } from '../order-check.ts';
import {
  COUNT,
  COUNT_AGAIN,
  DIFFERENT_REPEATS,
  FROM_LOG,
  HOURS,
  IMPOSSIBLE_TIMES,
  LAST_EXPIRY,
  REPEATED_EVENT_IDS,
  SET_ASIDE,
  SUMMARY,
  TAKE_BACK,
  TABLES,
  VERDICTS,
  given,
  takeIn,
} from './rules.ts';

/**
 * Memory for pages; what is more goes to a file that nobody else sees and that is gone when it is closed. Ids are sorted in small
 * portions, which the processor's cache holds, by a thread beside the one that reads.
 */
const SETTINGS = `
  PRAGMA temp_store = FILE; PRAGMA temp.cache_size = -16384; PRAGMA cache_size = -2048; PRAGMA threads = 1;
  PRAGMA temp.journal_mode = OFF; PRAGMA temp.synchronous = OFF`;
const BUSY_LIMIT_MS = 5000;
const ROWS_AT_ONCE = 200;
const VALUES_PER_ROW = 7;

/** What a ballot box is counted as in SQL. */
export interface SqlResult {
  readonly counts: Counts;
  /** Votes whose times the service cannot have written, unless its clocks were set. */
  readonly times: Noted;
  /** Votes that came again and are not the same vote. */
  readonly repeats: Noted;
  /** Events that share an id with another event. */
  readonly ids: Found;
  /** The last time at which a challenge expires whose vote is before the revision asked for, ms since the epoch; null: none. */
  readonly expiryBefore: number | null;
}

/** What the count has to know of a poll. */
export interface CountedPoll {
  /** Also the version of its votes; undefined: unknown, and each vote is judged by its own version. */
  readonly rule: number | undefined;
  readonly participants: number;
}

const UNKNOWN_POLL: CountedPoll = { rule: undefined, participants: 2 };

/** `Findings`, as they come out of a thread. */
type Found = Pick<Findings, 'shown' | 'count'>;
type Noted = Readonly<Record<keyof Observed, Found>>;

/** An event of a ballot box, as far as it is counted. */
export type BoxEvent = Pick<RecordedEvent, 'revision' | 'id' | 'recordedAt' | 'type' | 'version' | 'data'>;

/**
 * Counts a ballot box a second time, with SQL over temporary tables, and shares nothing with the fold: so a wrong fold
 * cannot confirm itself. The box of a SQLite log is counted where it is, any other is handed in. The tables are in a temporary
 * file, which takes about 100 bytes an event, in the directory that `SQLITE_TMPDIR` names, else `TMPDIR`, else `/var/tmp`.
 */
export class SqlRecount {
  private readonly database: DatabaseSync;
  private readonly stream: string;
  private readonly inserts = new Map<number, StatementSync>();
  private readonly fromLog: StatementSync | undefined;
  private readonly count: StatementSync;
  private waiting: SQLInputValue[] = [];
  private clock = 0;
  private next = 0n;
  private counted = 0n;

  /**
   * @param stream the ballot box
   * @param file of the SQLite log that has it; it may be in use
   */
  constructor(stream: string, file?: string) {
    this.stream = stream;
    this.database = new DatabaseSync(file ?? '', { readOnly: file !== undefined, timeout: BUSY_LIMIT_MS });
    this.database.exec(SETTINGS);
    this.database.exec(TABLES);
    this.count = this.database.prepare(COUNT);
    if (file !== undefined) this.fromLog = this.database.prepare(takeIn(FROM_LOG));
  }

  /** Takes the next event of the box. */
  add({ revision, id, recordedAt, type, version, data }: BoxEvent): void {
    if (recordedAt > this.clock) this.clock = recordedAt;
    this.waiting.push(revision, recordedAt, this.clock, type, version, data, id);
    if (this.waiting.length === ROWS_AT_ONCE * VALUES_PER_ROW) this.insert();
  }

  /** Takes what the log's file has, up to a revision. */
  addUpTo(revision: bigint): void {
    if (this.fromLog !== undefined) this.takeIn(this.fromLog, [this.stream, this.next, revision]);
    this.next = revision + 1n;
  }

  /**
   * Looks for what was added twice, which takes most of a second for a million votes.
   * @param poll what its own stream says of it
   * @param before a revision: see `expiryBefore`
   */
  result({ rule, participants }: CountedPoll = UNKNOWN_POLL, before = 0n): SqlResult {
    this.insert();
    if (rule !== undefined) for (const sql of TAKE_BACK) this.database.prepare(sql).run(rule);
    this.database.exec(COUNT_AGAIN);
    const { last } = this.database.prepare(LAST_EXPIRY).get(before) as { last: number | null };
    for (const sql of SET_ASIDE) this.database.prepare(sql).run(participants);
    return {
      ...{ counts: this.counts(participants), times: this.times(), repeats: this.repeats(), ids: this.repeatedIds() },
      expiryBefore: last,
    };
  }

  close(): void {
    this.database.close();
  }

  private counts(participants: number): Counts {
    const { events, readable, cuts, openings, revision, cut } = this.database
      .prepare(SUMMARY)
      .get() as unknown as Summary;
    const rows = this.database.prepare(VERDICTS).all() as unknown as { verdict: string; votes: number }[];
    const verdicts = new Map(rows.map(({ verdict, votes }) => [verdict, votes]));
    const inTime = rows.reduce((sum, { votes }) => sum + votes, 0);
    return {
      events,
      revision: revision ?? '-1',
      ...this.votes(participants),
      duplicates: verdicts.get('duplicate') ?? 0,
      late: verdicts.get('late') ?? 0,
      expired: readable - inTime,
      quarantined: events - cuts - openings - readable + (verdicts.get('quarantined') ?? 0),
      cuts,
      openings,
      cut,
    };
  }

  private votes(participants: number): Pick<Counts, 'votes' | 'hours'> {
    const votes = new Array<number>(participants).fill(0);
    const hours: Record<string, number[]> = {};
    for (const row of this.database.prepare(HOURS).iterate()) {
      const { hour, participant, votes: count } = row as { hour: string; participant: number; votes: number };
      votes[participant - 1] = (votes[participant - 1] ?? 0) + count;
      (hours[hour] ??= new Array<number>(participants).fill(0))[participant - 1] = count;
    }
    return { votes, hours };
  }

  private times(): Observed {
    const observed = new Observed();
    const statement = this.database.prepare(IMPOSSIBLE_TIMES);
    // a log holds 64 bits for a time, and a number 53
    statement.setReadBigInts(true);
    for (const row of statement.iterate()) {
      const { revision, recorded_at, cast_at, expires_at, too_long, odd } = row as Row;
      const times = { castAt: isoAt(cast_at), expiresAt: isoAt(expires_at), recordedAt: isoAt(recorded_at) };
      const code = too_long === 1n ? 'impossible-lifetime' : 'impossible-times';
      (odd === 1n ? observed.odd : observed.wrong).add(finding(code, this.at(revision), null, times));
    }
    return observed;
  }

  private repeats(): Observed {
    const observed = new Observed();
    const statement = this.database.prepare(DIFFERENT_REPEATS);
    statement.setReadBigInts(true);
    for (const row of statement.iterate()) {
      const { revision, first, participant, cast_at, expires_at, forged } = row as Row;
      const { first_participant, first_cast_at, first_expires_at } = row as Row;
      const expected = { revision: String(first), ...voteOf(first_participant, first_cast_at, first_expires_at) };
      const actual = voteOf(participant, cast_at, expires_at);
      const [found, code] =
        forged === 1n ? ([observed.wrong, 'repeat-differs'] as const) : ([observed.odd, 'raced-vote'] as const);
      found.add(finding(code, this.at(revision), expected, actual));
    }
    return observed;
  }

  private repeatedIds(): Findings {
    const findings = new Findings();
    const statement = this.database.prepare(REPEATED_EVENT_IDS);
    statement.setReadBigInts(true);
    for (const row of statement.iterate()) {
      const { revision, first } = row as Row;
      findings.add(finding('repeated-event-id', this.at(revision), null, String(first)));
    }
    return findings;
  }

  private at(revision: bigint | undefined): Place {
    return { stream: this.stream, revision: String(revision) };
  }

  private insert(): void {
    const rows = this.waiting.length / VALUES_PER_ROW;
    if (rows === 0) return;
    let statement = this.inserts.get(rows);
    if (statement === undefined) {
      statement = this.database.prepare(takeIn(given(rows)));
      this.inserts.set(rows, statement);
    }
    this.takeIn(statement, this.waiting);
    this.waiting = [];
  }

  private takeIn(statement: StatementSync, values: readonly SQLInputValue[]): void {
    const { lastInsertRowid } = statement.run(...values);
    this.count.run(this.counted + 1n);
    this.counted = BigInt(lastInsertRowid);
  }
}

type Row = Readonly<Record<string, bigint>>;
const isoAt = (time: bigint | undefined): string => isoOf(Number(time));
const voteOf = (participant?: bigint, castAt?: bigint, expiresAt?: bigint) => ({
  participant: Number(participant),
  castAt: isoAt(castAt),
  expiresAt: isoAt(expiresAt),
});

interface Summary {
  readonly events: number;
  readonly readable: number;
  readonly cuts: number;
  readonly openings: number;
  readonly revision: string | null;
  readonly cut: string | null;
}
