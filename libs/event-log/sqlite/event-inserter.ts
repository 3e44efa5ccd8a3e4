import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite';

import type { RecordedEvent } from '#domain';

const COLUMNS = 'position, stream, revision, recorded_at, id, type, version, data';
const COLUMN_COUNT = 8;
const ROW = `(${new Array<string>(COLUMN_COUNT).fill('?').join(', ')})`;
/** Rows of one statement: running one costs about as much as inserting a few rows. */
const ROWS_AT_ONCE = 16;

/** Inserts events in as few statements as it takes. */
export class EventInserter {
  private readonly one: StatementSync;
  private readonly many: StatementSync;

  constructor(database: DatabaseSync) {
    const insert = (rows: number): StatementSync =>
      database.prepare(`INSERT INTO events (${COLUMNS}) VALUES ${new Array<string>(rows).fill(ROW).join(', ')}`);
    this.one = insert(1);
    this.many = insert(ROWS_AT_ONCE);
  }

  /** @param stream id of the events' stream in the table of streams */
  insert(stream: bigint, events: readonly RecordedEvent[]): void {
    let next = 0;
    for (; next + ROWS_AT_ONCE <= events.length; next += ROWS_AT_ONCE) {
      this.many.run(...valuesOf(stream, events, next, next + ROWS_AT_ONCE));
    }
    for (; next < events.length; next++) this.one.run(...valuesOf(stream, events, next, next + 1));
  }
}

function valuesOf(stream: bigint, events: readonly RecordedEvent[], from: number, to: number): SQLInputValue[] {
  const values: SQLInputValue[] = [];
  for (let index = from; index < to; index++) {
    const { position, revision, recordedAt, id, type, version, data } = events[index]!;
    values.push(position, stream, revision, recordedAt, id, type, version, data);
  }
  return values;
}
