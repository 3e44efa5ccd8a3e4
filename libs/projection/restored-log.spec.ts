import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';

import { EventStoreDbDouble } from '../../test/eventstoredb-double/double.ts';
import { describeOnDouble } from '../../test/eventstoredb-double/server-under-test.ts';
import { ballotBoxStream, encodePollEvent, pollStream } from '#domain';
import type { EventLog, NewEvent } from '#event-log';
import { EventStoreDbEventLog } from '#event-log/eventstoredb';

import { follow } from './follow.ts';
import { Projection } from './projection.ts';
import { rebuild } from './rebuild.ts';
import { ProjectionWorld } from './testing/projection-world.ts';

type Entry = readonly [stream: string, event: NewEvent];

/** A world with the tallies, and the logs beside it: its own one, and what it may be restored to. */
let world: ProjectionWorld;
let worlds: ProjectionWorld[];
let doubles: EventStoreDbDouble[];

beforeEach(() => {
  worlds = [(world = new ProjectionWorld())];
  doubles = [];
});
afterEach(async () => {
  for (const one of worlds) await one.dispose();
  doubles.forEach((double) => double.stop());
});

const vote = (pollId: string): Entry => [ballotBoxStream(pollId), { ...world.vote(), id: randomUUID() }];
const votes = (pollId: string, count: number): Entry[] => Array.from({ length: count }, () => vote(pollId));
function opening(pollId: string): Entry {
  const participants = [1, 2].map((number) => ({ number, name: `p${String(number)}` }));
  const openedAt = new Date().toISOString();
  const content = encodePollEvent({ type: 'PollOpened', pollId, title: 'x', participants, openedAt, by: 'a' });
  return [pollStream(pollId), { ...content, id: randomUUID() }];
}

async function logOf(kind: string, entries: readonly Entry[]): Promise<EventLog> {
  const log = kind === 'SQLite' ? newSqlite() : await newDouble();
  for (const [stream, event] of entries) await log.append(stream, [event], 'any');
  if (kind === 'SQLite') return log;
  // one log of a process appends
  await log.close();
  return newReader();
}

function newSqlite(): EventLog {
  const other = new ProjectionWorld();
  worlds.push(other);
  return other.log;
}

async function newDouble(): Promise<EventLog> {
  doubles.push(await EventStoreDbDouble.start());
  return EventStoreDbEventLog.connect(doubles.at(-1)!.connectionString);
}

function newReader(): EventLog {
  const reader = EventStoreDbEventLog.connect(doubles.at(-1)!.connectionString, { readOnly: true });
  worlds.push(new ProjectionWorld(reader));
  return reader;
}

/** Folds all there is, from where the tallies are. */
async function project(log: EventLog): Promise<Projection> {
  const projection = await Projection.restore(world.tallies, log);
  const ended = new AbortController();
  await follow(log, projection, ended.signal, {
    onSave: () => {
      if (projection.isCaughtUp) ended.abort();
    },
  });
  return projection;
}

const foreign = { code: 'foreign-read-model', message: expect.stringMatching(/delete the read model|delete it/) };

describeOnDouble('a log that was restored while nobody looked', 'two servers', () => {
  it.each(['SQLite', 'EventStoreDB'])('is the same one where nothing was lost: %s', async (kind) => {
    const kept = [opening('1'), ...votes('1', 5)];
    await project(await logOf(kind, kept));
    const { position } = await project(await logOf(kind, [...kept, ...votes('1', 3)]));

    expect((await world.tallies.load('1'))?.snapshot.revision).toBe('7');
    expect((await world.tallies.checkpoint()).position).toBe(position);
  });

  it.each(['SQLite', 'EventStoreDB'])('is refused when it has grown past what was folded: %s', async (kind) => {
    const kept = [opening('1'), ...votes('1', 2)];
    await project(await logOf(kind, [...kept, ...votes('1', 3)]));
    const restored = await logOf(kind, [...kept, ...votes('1', 30)]);

    await expect(project(restored)).rejects.toMatchObject(foreign);
    await expect(rebuild(restored, world.readModel, { signal: new AbortController().signal })).rejects.toMatchObject(
      foreign,
    );
  });

  it.each(['SQLite', 'EventStoreDB'])('is refused when other streams have grown in it: %s', async (kind) => {
    const kept = [opening('1'), ...votes('1', 2)];
    await project(await logOf(kind, [...kept, ...votes('1', 3)]));

    await expect(project(await logOf(kind, [...kept, opening('2'), ...votes('2', 9)]))).rejects.toMatchObject(foreign);
  });

  it.each(['SQLite', 'EventStoreDB'])('is refused when it knows nothing of the last poll: %s', async (kind) => {
    const kept = [opening('1'), ...votes('1', 2)];
    await project(await logOf(kind, [...kept, opening('2'), ...votes('2', 3)]));

    await expect(project(await logOf(kind, [...kept, ...votes('1', 9)]))).rejects.toMatchObject(foreign);
  });

  it.each(['SQLite', 'EventStoreDB'])(
    'is refused when it is empty, and so are the polls made in it: %s',
    async (kind) => {
      await project(await logOf(kind, [opening('1'), ...votes('1', 3)]));

      await expect(project(await logOf(kind, []))).rejects.toMatchObject(foreign);
      await expect(project(await logOf(kind, [opening('1'), ...votes('1', 9)]))).rejects.toMatchObject(foreign);
    },
  );

  it('is refused by a tally that is further than the checkpoint', async () => {
    const kept = [opening('1'), ...votes('1', 2)];
    await project(await logOf('SQLite', kept));
    const checkpoint = await world.tallies.checkpoint();
    await project(await logOf('SQLite', [...kept, ...votes('1', 3)]));
    const version = await world.readModel.create();
    const tallies = world.readModel.tallies(version);
    await tallies.save((await world.tallies.load('1'))!);
    await tallies.saveCheckpoint(checkpoint);

    await expect(Projection.restore(tallies, await logOf('SQLite', [...kept, ...votes('1', 9)]))).rejects.toMatchObject(
      foreign,
    );
  });

  it('is not taken for restored when it was only scavenged', async () => {
    const kept = [opening('1'), ...votes('1', 5)];
    await project(await logOf('SQLite', kept));
    const log = await logOf('SQLite', [...kept, ...votes('1', 3)]);
    const read = log.read.bind(log);
    log.read = async function* (stream, from) {
      for await (const page of read(stream, from))
        yield page.filter((event) => event.stream !== 'votes-1' || event.revision > 5n);
    };
    await project(log);

    expect((await world.tallies.load('1'))?.snapshot.revision).toBe('7');
  });
});
