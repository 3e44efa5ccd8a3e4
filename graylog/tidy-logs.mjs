/**
 * Keeps the folder of the log files small, and loses no line of them: what Fluent Bit has read wholly goes, and nothing else.
 * Where Fluent Bit never ran, nobody waits for the lines. Only beyond a bound lines go unread, the oldest first: a log must not
 * fill the disk that the votes are on.
 *
 *     node graylog/tidy-logs.mjs <folder of the logs> <Fluent Bit's database of offsets> <file for Prometheus> [seconds
 *     between rounds, 0 for one]
 */
import { existsSync, readdirSync, renameSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

const [folder, database, metrics, pause = '60'] = process.argv.slice(2);
const MIB = 1024 * 1024;
/** A file that is written to is emptied beyond this. The service goes on at its new end: it only appends. */
const LARGE_BYTES = 64 * MIB;
/** Of all files together. */
const BOUND_BYTES = 4096 * MIB;
/** A file that nobody wrote to for so long belongs to a container that is gone, or to a service that has nothing to say. */
const IDLE_MS = 24 * 3_600_000;
/** nginx begins a file every ten minutes, and has an earlier one open for up to a minute more: then it is complete. */
const OF_NGINX = /\d{4}-\d\d-\d\dT\d{4}\.log$/;
const COMPLETE_MS = 12 * 60_000;
/** Touched by every round: what the health check looks at. */
const HEARTBEAT = '/tmp/tidied';

let discardedBytes = 0;

/**
 * How far Fluent Bit has read; undefined where it never ran. By inode and name: a file system gives the inode of a removed
 * file to the next one, and the row of the old file may still be there. Of several rows the last one holds.
 */
function offsets() {
  if (!existsSync(database)) return undefined;
  const tail = new DatabaseSync(database, { readOnly: true });
  try {
    const rows = tail.prepare('SELECT inode, name, "offset" AS position FROM in_tail_files ORDER BY id').all();
    return new Map(rows.map(({ inode, name, position }) => [`${inode} ${basename(name)}`, position]));
  } finally {
    tail.close();
  }
}

/** Oldest first. */
const logFiles = () =>
  readdirSync(folder)
    .filter((name) => name.endsWith('.log'))
    .map((name) => ({ name, path: join(folder, name), ...statSync(join(folder, name)) }))
    .sort((one, other) => one.mtimeMs - other.mtimeMs);

function clear({ path }) {
  if (OF_NGINX.test(path)) rmSync(path);
  else truncateSync(path);
}

/** May it go, its lines being safe? */
function isDue({ path, size, mtimeMs }) {
  const age = Date.now() - mtimeMs;
  if (OF_NGINX.test(path)) return age > COMPLETE_MS;
  return size > LARGE_BYTES || (size > 0 && age > IDLE_MS);
}

function tidy() {
  const positions = offsets();
  const isRead = ({ ino, name, size }) => positions === undefined || (positions.get(`${ino} ${name}`) ?? 0) >= size;
  const [gone, left] = [[], []];
  for (const file of logFiles()) (isDue(file) && isRead(file) ? gone : left).push(file);
  gone.forEach(clear);
  makeRoom(
    left.filter(isRead),
    left.filter((file) => !isRead(file)),
  );
}

/** Beyond the bound: first what was read, then what was not; never what nginx writes into, which is the last by its name. */
function makeRoom(read, unread) {
  const files = [...read, ...unread];
  const ofNginx = files.map(({ name }) => name).filter((name) => OF_NGINX.test(name));
  const current = ofNginx.sort().at(-1);
  let bytes = files.reduce((sum, { size }) => sum + size, 0);
  for (const file of files) {
    if (bytes <= BOUND_BYTES) return;
    if (file.name === current) continue;
    clear(file);
    bytes -= file.size;
    if (read.includes(file)) continue;
    discardedBytes += file.size;
    console.error(`the logs take more than ${BOUND_BYTES / MIB} MiB: ${file.path} went unread`);
  }
}

/** Whole or not at all: Prometheus' node exporter may be reading. */
function report() {
  const text = `# HELP log_keeper_discarded_bytes_total Bytes of log lines that were removed before anybody had read them.
# TYPE log_keeper_discarded_bytes_total counter
log_keeper_discarded_bytes_total ${discardedBytes}
`;
  writeFileSync(`${metrics}.new`, text);
  renameSync(`${metrics}.new`, metrics);
}

function round() {
  try {
    tidy();
    report();
    writeFileSync(HEARTBEAT, '');
  } catch (error) {
    console.error(`the logs were not tidied: ${error.message}`);
  }
}

// The first process of a container does not end by a signal that it does not listen for.
process.once('SIGTERM', () => process.exit(0));
round();
if (pause !== '0') setInterval(round, Number(pause) * 1000);
