/**
 * Keeps the folder of the log files small, and loses no line of them: what Fluent Bit has read wholly goes, and nothing else.
 * Where Fluent Bit never ran, nobody waits for the lines. Only beyond a bound the oldest go unread: a log must not fill the
 * disk that the votes are on.
 *
 *     node graylog/tidy-logs.mjs <folder of the logs> <Fluent Bit's database of offsets> [seconds between rounds, 0 for one]
 */
import { existsSync, readdirSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

const [folder, database, pause = '60'] = process.argv.slice(2);
const MIB = 1024 * 1024;
/** A file that is written to is emptied beyond this. The service goes on at its new end: it only appends. */
const LARGE_BYTES = 64 * MIB;
/** Of all files together. */
const BOUND_BYTES = 4096 * MIB;
/** A file that nobody wrote to for so long belongs to a container that is gone, or to a service that has nothing to say. */
const IDLE_MS = 24 * 3_600_000;
/** nginx begins a file each hour: an earlier one is complete a little after its hour. */
const HOURLY = /\d{4}-\d\d-\d\dT\d\d\.log$/;
const COMPLETE_MS = 3_900_000;
/** Touched by every round: what the health check looks at. */
const HEARTBEAT = '/tmp/tidied';

/** How far Fluent Bit has read, by inode; undefined where it never ran. */
function offsets() {
  if (!existsSync(database)) return undefined;
  const tail = new DatabaseSync(database, { readOnly: true });
  try {
    const rows = tail.prepare('SELECT inode, max("offset") AS position FROM in_tail_files GROUP BY inode').all();
    return new Map(rows.map(({ inode, position }) => [inode, position]));
  } finally {
    tail.close();
  }
}

/** Oldest first. */
const logFiles = () =>
  readdirSync(folder)
    .filter((name) => name.endsWith('.log'))
    .map((name) => ({ path: join(folder, name), ...statSync(join(folder, name)) }))
    .sort((one, other) => one.mtimeMs - other.mtimeMs);

function clear({ path }) {
  if (HOURLY.test(path)) rmSync(path);
  else truncateSync(path);
}

/** May it go, its lines being safe? The file of this hour never does: nginx has it open. */
function isDue({ path, size, mtimeMs }) {
  const age = Date.now() - mtimeMs;
  if (HOURLY.test(path)) return age > COMPLETE_MS;
  return size > LARGE_BYTES || (size > 0 && age > IDLE_MS);
}

function tidy() {
  const positions = offsets();
  const isRead = ({ ino, size }) => positions === undefined || (positions.get(ino) ?? 0) >= size;
  const [gone, left] = [[], []];
  for (const file of logFiles()) (isDue(file) && isRead(file) ? gone : left).push(file);
  gone.forEach(clear);
  let bytes = left.reduce((sum, { size }) => sum + size, 0);
  for (const file of left) {
    if (bytes <= BOUND_BYTES) break;
    clear(file);
    bytes -= file.size;
    console.error(`the logs take more than ${BOUND_BYTES / MIB} MiB: ${file.path} went unread`);
  }
  writeFileSync(HEARTBEAT, '');
}

function round() {
  try {
    tidy();
  } catch (error) {
    console.error(`the logs were not tidied: ${error.message}`);
  }
}

round();
if (pause !== '0') setInterval(round, Number(pause) * 1000);
