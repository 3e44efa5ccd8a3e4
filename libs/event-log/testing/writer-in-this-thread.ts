import type { LogWriter } from '../sqlite/log-writer.ts';
import type { SqliteWriter } from '../sqlite/sqlite-writer.ts';

/** A writer in the thread of a spec, which has its clock: what a spec with fake timers waits for needs no other thread. */
export const inThisThread = (writer: SqliteWriter): LogWriter => ({
  append: (...batch) => Promise.try(() => writer.append(...batch)),
  head: () => writer.head(),
  close: () => Promise.resolve(writer.close()),
});
