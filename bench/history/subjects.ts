import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';

import { audit, logSource } from '#audit';
import { POLL_STREAM_PREFIXES, type RecordedEvent, ballotBoxStream, pollStream } from '#domain';
import { type EventLog, SqliteEventLog, wholeStream } from '#event-log';
import { Projection, rebuild } from '#projection';
import { NO_CHECKPOINT, SqliteReadModel } from '#read-model';
import { LeafHasher } from '#seal';
import { CompactRange } from '#transparency';

/** What one subject took, in a process of its own. */
export interface Measured {
  readonly events: number;
  readonly seconds: number;
  /** CPU time of all its threads, s: other work on the machine changes it less. */
  readonly cpuSeconds: number;
  /** Most memory that the process had, MB. */
  readonly memory: number;
}

const POLL_ID = '1';
const BOX = ballotBoxStream(POLL_ID);

/** How the directory of a log is called whose ballot box is sealed. */
export const SEALED_PLACE = '-sealed';

type Work = (log: EventLog, place: string) => Promise<number>;

/** What a log in a directory is measured with, and what one on a server is; `bare` is what the others are compared with. */
const SQLITE: Readonly<Record<string, Work>> = {
  bare: (log) => bareLoop(log.read(BOX, 0n)),
  'audit --quick': (log) => auditOf(log, false),
  audit: (log) => auditOf(log, true),
  rebuild: rebuildIn,
  'start of a projector': project,
};
/** The same of a sealed ballot box: what anybody does who wants its root. */
const SEALED: Readonly<Record<string, Work>> = { ...SQLITE, bare: (log) => rootLoop(log.read(BOX, 0n)) };
const SERVER: Readonly<Record<string, Work>> = {
  bare: (_, url) => bareClientRead(url),
  'audit --quick': (log) => auditOf(log, false),
  audit: (log) => auditOf(log, true),
  rebuild: async (log) => {
    const directory = mkdtempSync(join(tmpdir(), 'paredao-rebuild-'));
    try {
      return await rebuildIn(log, directory);
    } finally {
      rmSync(directory, { recursive: true });
    }
  },
};

function workAt(place: string): Readonly<Record<string, Work>> {
  if (place.startsWith('esdb:')) return SERVER;
  return place.endsWith(SEALED_PLACE) ? SEALED : SQLITE;
}

/** Names of the subjects for a data directory or a connection string; `bare` is what each of them is compared with. */
export const subjectsAt = (place: string): string[] => Object.keys(workAt(place)).filter((name) => name !== 'bare');

/** Runs one subject and says what it took, with the opening of the log. */
export async function measureSubject(name: string, place: string): Promise<Measured> {
  const work = workAt(place)[name];
  if (work === undefined) throw new Error(`there is no subject ${name}`);
  // as the commands do; the bare loop is what anybody writes who does not care for memory
  if (name !== 'bare') setFlagsFromString('--semi-space-growth-factor=1');
  const started = performance.now();
  const log = await openLog(place);
  try {
    const events = await work(log, place);
    const seconds = (performance.now() - started) / 1000;
    const { user, system } = process.cpuUsage();
    const cpuSeconds = (user + system) / 1e6;
    return { events, seconds, cpuSeconds, memory: Math.round((process.resourceUsage().maxRSS * 1024) / 1e6) };
  } finally {
    await log.close();
  }
}

async function openLog(place: string): Promise<EventLog> {
  if (!place.startsWith('esdb:')) return SqliteEventLog.openReadOnly(place);
  const { EventStoreDbEventLog } = await import('#event-log/eventstoredb');
  return EventStoreDbEventLog.connect(place, { readOnly: true });
}

/** The least that anybody could do: parse what is read and keep the ids in a Map. */
async function bareLoop(pages: AsyncIterable<readonly RecordedEvent[]>): Promise<number> {
  const decoder = new TextDecoder();
  const votes = new Map<string, number>();
  let events = 0;
  for await (const page of pages) {
    for (const { type, data } of page) {
      events++;
      if (type !== 'VoteCast') continue;
      const { voteId, participantId } = JSON.parse(decoder.decode(data)) as { voteId: string; participantId: number };
      if (!votes.has(voteId)) votes.set(voteId, participantId);
    }
  }
  return events;
}

/** The least that gives the root of a ballot box: read, and hash. */
async function rootLoop(pages: AsyncIterable<readonly RecordedEvent[]>): Promise<number> {
  const [tree, hasher] = [new CompactRange(), new LeafHasher()];
  for await (const page of pages) for (const event of page) tree.append(hasher.hash(event));
  tree.root();
  return tree.size;
}

/** All events of the box as the client gives them, and nothing done with them. */
async function bareClientRead(url: string): Promise<number> {
  const { EventStoreDBClient } = await import('@eventstore/db-client');
  const client = EventStoreDBClient.connectionString(url);
  let events = 0;
  for await (const { event } of client.readStream(BOX)) if (event !== undefined) events++;
  await client.dispose();
  return events;
}

/** @throws when the audit finds anything */
async function auditOf(log: EventLog, independent: boolean): Promise<number> {
  const { agrees, checks, counts } = await audit({ source: logSource(log), pollId: POLL_ID, independent });
  if (!agrees) throw new Error(JSON.stringify(checks.filter(({ outcome }) => outcome === 'failed')));
  return counts.events;
}

/** What `npm run rebuild` does beside a version that stands at the end of the log; nobody has to take over from it. */
async function rebuildIn(log: EventLog, directory: string): Promise<number> {
  for (const suffix of ['', '-wal', '-shm']) rmSync(join(directory, `read-model.db${suffix}`), { force: true });
  const readModel = SqliteReadModel.open(directory);
  try {
    // where a projector stands: behind it there may be checkpoints, which are nothing to it
    const { position } = (await wholeStream(log, pollStream(POLL_ID))).at(-1)!;
    await (await readModel.current()).saveCheckpoint({ ...NO_CHECKPOINT, position, at: 1 });
    const { events, switched } = await rebuild(log, readModel, { signal: new AbortController().signal, watchMs: 0 });
    if (!switched) throw new Error('the new version was not switched to');
    return events;
  } finally {
    await readModel.close();
  }
}

/** What a projector does until it has caught up: from nothing, or from the tallies that are stored. */
async function project(log: EventLog, directory: string): Promise<number> {
  const readModel = SqliteReadModel.open(directory);
  const stopped = new AbortController();
  try {
    const projection = await Projection.restore(await readModel.current(), log);
    let events = 0;
    const pages = log.subscribe(projection.resumeFrom, POLL_STREAM_PREFIXES, stopped.signal);
    for await (const { events: page, caughtUp } of pages) {
      await projection.fold(page, caughtUp);
      events += page.length;
      if (!caughtUp) continue;
      await projection.save();
      stopped.abort();
    }
    return events;
  } finally {
    await readModel.close();
  }
}
