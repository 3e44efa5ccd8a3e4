import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

import type { TallySnapshot } from '#domain';
import { digestOf } from '#read-model';

import type { ProjectionWorld } from '../projection/testing/projection-world.ts';
import { type Finding, audit, logSource } from './index.ts';
import { fourPolls, tamperWith } from './testing/four-polls.ts';
import { failuresOf, found } from './testing/voted.ts';

/** Four polls, of which the last one is audited, and what somebody changes about another one, or about none. */
let world: ProjectionWorld;
beforeEach(async () => void (world = await fourPolls()));
afterEach(() => world.dispose());

const tamper = (file: 'events.db' | 'read-model.db', sql: string): void => tamperWith(world, file, sql);

/** Changes a stored tally as somebody would who knows how a digest is made. */
function tamperTally(poll: string, change: (snapshot: TallySnapshot) => object): void {
  const database = new DatabaseSync(join(world.directory, 'read-model.db'));
  const row = database.prepare('SELECT snapshot FROM version_tallies WHERE poll_id = ?').get(poll);
  const before = JSON.parse(String(row?.['snapshot'])) as TallySnapshot;
  const snapshot = { ...before, ...change(before) };
  const sql = 'UPDATE version_tallies SET snapshot = ?, digest = ? WHERE poll_id = ?';
  database.prepare(sql).run(JSON.stringify(snapshot), digestOf(snapshot), poll);
  database.close();
}

const pollsFailing = async (independent = true): Promise<readonly Finding[]> => {
  const report = await audit({ source: logSource(world.log), pollId: '4', readModel: world.tallies, independent });
  return failuresOf(report)['polls'] ?? [];
};

const STREAM = (name: string): string => `(SELECT id FROM streams WHERE name = '${name}')`;
/** One more event at the end of the log, as a copy of the opening of poll 4. */
const COPY_TO = (stream: string, revision: number): string =>
  `INSERT INTO events SELECT (SELECT max(position) + 1 FROM events), ${stream}, ${revision}, recorded_at,
    '00000000-0000-4000-8000-000000000000', type, version, data FROM events WHERE stream = ${STREAM('poll-4')} AND revision = 0`;
const NAMED = (name: string): string => `INSERT INTO streams (name) VALUES ('${name}'); ${COPY_TO(STREAM(name), 0)}`;

describe('an audit of one poll finds of the others', () => {
  it('nothing where nothing was changed', async () => {
    expect(await pollsFailing()).toEqual([]);
    expect(await pollsFailing(false)).toEqual([]);
  });

  it.each<[what: string, tamper: () => void, named: ReturnType<typeof found>]>([
    [
      'votes in the tally, with a digest that fits',
      () => tamperTally('2', () => ({ votes: [50, 1] })),
      found('tally-differs', { poll: '2', participant: 1 }, { expected: 2, actual: 50 }),
    ],
    [
      'minutes in the tally',
      () => tamperTally('2', () => ({ minutes: { '2026-11-23T14:00': [7, 7] } })),
      found('tally-differs', { poll: '2', part: 'minutes' }),
    ],
    [
      'whose tally it is',
      () => tamperTally('2', () => ({ pollId: '1' })),
      found('tally-differs', { poll: '2', part: 'pollId' }, { expected: '2', actual: '1' }),
    ],
    [
      'a field that no tally has',
      () => tamperTally('2', () => ({ by: 'x' })),
      found('tally-differs', { poll: '2', part: 'by' }, { actual: 'x' }),
    ],
    [
      'a vote taken out',
      () => tamper('events.db', `DELETE FROM events WHERE stream = ${STREAM('votes-2')} AND revision = 1`),
      found('missing-revisions', { poll: '2', revision: '1' }),
    ],
    [
      'a second opening',
      () => tamper('events.db', COPY_TO(STREAM('poll-2'), 1)),
      found('decision-out-of-state', { poll: '2', revision: '1' }),
    ],
    [
      'an event before the first one',
      () => tamper('events.db', COPY_TO(STREAM('votes-2'), -1)),
      found('revision-out-of-order', { poll: '2', revision: '-1' }),
    ],
    [
      'the time of a decision',
      () =>
        tamper(
          'events.db',
          `UPDATE events SET data = CAST(replace(CAST(data AS TEXT), '"openedAt":"20', '"openedAt":"19') AS BLOB)
           WHERE stream = ${STREAM('poll-2')}`,
        ),
      found('recorded-at-another-time', { poll: '2', revision: '0' }),
    ],
  ])('%s', async (_, change, named) => {
    change();
    expect(await pollsFailing()).toContainEqual(named);
  });

  it.each(['x', 'null', '{}', '7'])('a tally that is %s, in a quick audit too', async (text) => {
    tamper('read-model.db', `UPDATE version_tallies SET snapshot = '${text}' WHERE poll_id = '2'`);
    for (const independent of [true, false])
      expect(await pollsFailing(independent)).toContainEqual(found('not-a-tally', { poll: '2' }));
  });
});

describe('an audit finds in the log', () => {
  it.each<[what: string, tamper: () => void, named: ReturnType<typeof found>]>([
    [
      'events of a stream without a name',
      () => tamper('events.db', COPY_TO('999', 0)),
      found('unknown-stream', { stream: '?999' }),
    ],
    [
      'a poll of another number',
      () => tamper('events.db', NAMED('poll-01')),
      found('unknown-stream', { stream: 'poll-01' }),
    ],
    [
      'a poll that nobody made',
      () =>
        tamper('events.db', `${NAMED('poll-x')}; UPDATE events SET type = 'Outro' WHERE stream = ${STREAM('poll-x')}`),
      found('unknown-stream', { stream: 'poll-x' }),
    ],
    [
      'that events before the last one are gone',
      () => {
        tamper('events.db', `DELETE FROM events WHERE stream IN (${STREAM('poll-4')}, ${STREAM('votes-4')})`);
        tamper('events.db', `UPDATE events SET position = 16 WHERE position = 12`);
      },
      found('missing-events', {}, { expected: '16', actual: '12' }),
    ],
  ])('%s', async (_, change, named) => {
    change();
    expect(await pollsFailing()).toContainEqual(named);
  });
});

describe('an audit finds in what the projector says of itself', () => {
  it.each<[what: string, sql: string, named: ReturnType<typeof found>]>([
    ['a clock of tomorrow', 'clock = clock + 86400000', found('tally-differs', { part: 'clock' })],
    ['a poll less', `polls = '["1","3","4"]'`, found('tally-differs', { part: 'polls' }, { actual: ['1', '3', '4'] })],
    ['a poll more', `polls = '["1","2","3","4","5"]'`, found('tally-differs', { part: 'polls' })],
    ['no list', `polls = '7'`, found('tally-differs', { part: 'polls' }, { actual: ['7'] })],
    ['no JSON', `polls = 'x'`, found('not-a-checkpoint')],
  ])('%s', async (_, sql, named) => {
    tamper('read-model.db', `UPDATE versions SET ${sql}`);
    expect(await pollsFailing()).toContainEqual(named);
  });
});
