import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { Total } from '#contract';
import { type EventContent, type TallySnapshot, Tally, encodeBallotBoxClosed, encodeVoteCast } from '#domain';
import { SqliteEventLog } from '#event-log';
import { SqliteReadModel, digestOf } from '#read-model';

import { type InvariantResult, checkInvariant, lastRevision } from './invariant.ts';

const STREAM = 'votes-1';
const HOUR_MS = 3_600_000;

let dataDir: string;
let log: SqliteEventLog;

beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'paredao-invariant-'));
  log = SqliteEventLog.open(dataDir);
});

afterEach(async () => {
  await log.close();
  rmSync(dataDir, { recursive: true });
});

const newId = (): string => randomBytes(16).toString('hex');

function vote(voteId: string, participantId: number, expiresAt = Date.now() + 300_000): EventContent {
  return encodeVoteCast({
    voteId,
    participantId,
    castAt: Date.now(),
    expiresAt,
    humanCheck: { provider: 'altcha', difficulty: 50 },
  });
}

async function cast(...contents: EventContent[]): Promise<void> {
  await log.append(
    STREAM,
    contents.map((content) => ({ ...content, id: randomUUID() })),
    'any',
  );
}

/** What the projector would store; `change` makes it lie. */
async function project(change: Partial<TallySnapshot> = {}): Promise<void> {
  const tally = new Tally('1');
  let position = 0n;
  for await (const page of log.readAll(0n, ['votes-'])) {
    for (const event of page) {
      tally.fold(event);
      ({ position } = event);
    }
  }
  const snapshot = { ...tally.snapshot(), ...change };
  const readModel = SqliteReadModel.open(dataDir);
  await (await readModel.current()).save({ position, digest: digestOf(snapshot), snapshot });
  await readModel.close();
}

const check = (acknowledged: [string, number][], total?: Total): Promise<InvariantResult> =>
  checkInvariant({ pollId: '1', acknowledged: new Map(acknowledged), stores: dataDir, ...(total && { total }) });

describe('the invariant holds', () => {
  test('for votes, repeated ones, late ones, expired ones and what cannot be read', async () => {
    const [first, second, unacknowledged, late] = [newId(), newId(), newId(), newId()];
    await cast(vote(first, 1), vote(second, 2), vote(first, 1), vote(unacknowledged, 2));
    await cast(vote(newId(), 1, Date.now() - HOUR_MS), vote(newId(), 7), {
      type: 'VoteCast',
      version: 1,
      data: Buffer.from('{}'),
    });
    await cast(
      { type: 'Unheard', version: 1, data: Buffer.from('{}') },
      encodeBallotBoxClosed('1', new Date().toISOString()),
    );
    await cast(vote(late, 1));
    await project();
    const result = await check([
      [first, 1],
      [second, 2],
    ]);
    expect(result).toMatchObject({ holds: true, differences: [], acknowledged: 2, distinct: 8 });
    expect(result.recount).toMatchObject({
      votes: [1, 2],
      duplicates: 1,
      late: 1,
      expired: 1,
      quarantined: 3,
      final: true,
    });
  });

  test('for an empty box', async () => {
    await project();
    expect(await check([])).toMatchObject({ holds: true, distinct: 0 });
    expect(await lastRevision(dataDir, '1')).toBe(-1n);
  });
});

describe('the invariant finds', () => {
  test('an acknowledged vote that is not in the log', async () => {
    const lost = newId();
    await project();
    expect((await check([[lost, 1]])).differences).toEqual([`acknowledged vote ${lost} is not in the log`]);
  });

  test('an acknowledged vote that was stored for the other participant', async () => {
    const id = newId();
    await cast(vote(id, 2));
    await project();
    expect((await check([[id, 1]])).differences).toEqual([`acknowledged vote ${id} is for participant 2`]);
  });

  test.each([
    ['expired', () => vote(newId(), 1, Date.now() - HOUR_MS)],
    ['quarantined', () => vote(newId(), 3)],
    ['late', () => vote(newId(), 1)],
  ])('an acknowledged vote that is %s', async (verdict, make) => {
    const content = make();
    const { voteId, participantId } = JSON.parse(Buffer.from(content.data).toString()) as {
      voteId: string;
      participantId: number;
    };
    if (verdict === 'late') await cast(encodeBallotBoxClosed('1', new Date().toISOString()));
    await cast(content);
    await project();
    expect((await check([[voteId, participantId]])).differences).toEqual([`acknowledged vote ${voteId} is ${verdict}`]);
  });

  test.each([
    ['votes', { votes: [2, 0] }],
    ['duplicates', { duplicates: 5 }],
    ['hours', { hours: {} }],
    ['revision', { revision: '0' }],
    ['final', { cut: '1' }],
  ])('a stored tally with wrong %s', async (key, change) => {
    await cast(vote(newId(), 1), vote(newId(), 2));
    await project(change);
    const { differences } = await check([]);
    expect(differences).toHaveLength(1);
    expect(differences[0]).toMatch(new RegExp(`^the stored tally has ${key} `));
  });

  test('counts that do not add up to the distinct votes', async () => {
    await cast(vote(newId(), 1));
    await project({ votes: [2, 0] });
    const { differences } = await check([]);
    expect(differences).toContain(
      'the stored tally: counted + late + expired + quarantined is 2, the log has 1 distinct votes',
    );
  });

  test('a tally that is missing, and one that /total shows otherwise', async () => {
    await cast(vote(newId(), 1));
    const total = { voto_1: 0, voto_2: 0, por_hora: [], duplicados: 0, atrasados: 0, expirados: 0, quarentena: 0 };
    const { differences } = await check([], { ...total, final: false, revisao: '-1' } as unknown as Total);
    expect(differences).toContain('there is no stored tally');
    expect(differences).toContain('/total has votes [0,0], the recount [1,0]');
  });

  test('all of them, and shows the first', async () => {
    await project();
    const lost = Array.from({ length: 30 }, (): [string, number] => [newId(), 1]);
    expect(await check(lost)).toMatchObject({ holds: false, differenceCount: 30, differences: { length: 20 } });
  });
});
