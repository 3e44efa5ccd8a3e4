import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import type { ProjectionWorld } from '../projection/testing/projection-world.ts';
import { type Finding, audit, logSource, publishedTotal } from './index.ts';
import { fourPolls, tamperWith } from './testing/four-polls.ts';
import { failuresOf, found, totalOf } from './testing/voted.ts';

/** Four polls, of which the last one is open, with what a projector made of them. */
let world: ProjectionWorld;
beforeEach(async () => void (world = await fourPolls()));
afterEach(() => world.dispose());

const tamper = (file: 'events.db' | 'read-model.db', sql: string): void => tamperWith(world, file, sql);

const report = (pollId = '4') => audit({ source: logSource(world.log), pollId, readModel: world.tallies });
const pollsIn = async (pollId?: string): Promise<readonly Finding[]> => failuresOf(await report(pollId))['polls'] ?? [];

const OF_POLL = (poll: string): string =>
  `WHERE stream IN (SELECT id FROM streams WHERE name IN ('poll-${poll}', 'votes-${poll}'))`;
const COPY = `INSERT INTO version_tallies SELECT version, '9', position, digest, replace(snapshot, '"pollId":"4"', '"pollId":"9"'), last
  FROM version_tallies WHERE poll_id = '4'`;

describe('the polls of a log and of a read model', () => {
  it('are the same', async () => {
    expect(await pollsIn()).toEqual([]);
  });

  it.each<[what: string, tamper: () => void, named: ReturnType<typeof found>]>([
    [
      'a poll taken out',
      () => tamper('events.db', `DELETE FROM events ${OF_POLL('2')}`),
      found('missing-poll', { poll: '2' }),
    ],
    [
      'a poll taken out of both',
      () => {
        tamper('events.db', `DELETE FROM events ${OF_POLL('2')}; DELETE FROM streams WHERE name LIKE '%-2'`);
        tamper('read-model.db', "DELETE FROM version_tallies WHERE poll_id = '2'");
      },
      found('missing-poll', { poll: '2' }),
    ],
    [
      'decisions taken out, and votes left',
      () => tamper('events.db', "DELETE FROM events WHERE stream = (SELECT id FROM streams WHERE name = 'poll-2')"),
      found('unknown-stream', { stream: 'votes-2' }),
    ],
    [
      'a stream of nothing',
      () => tamper('events.db', "UPDATE streams SET name = 'segredo' WHERE name = 'votes-2'"),
      found('unknown-stream', { stream: 'segredo' }),
    ],
    ['a row more', () => tamper('read-model.db', COPY), found('foreign-tally', { poll: '9' })],
    [
      'a row less',
      () => tamper('read-model.db', "DELETE FROM version_tallies WHERE poll_id = '2'"),
      found('no-tally', { poll: '2' }),
    ],
    [
      'another title of a poll that nobody looks at',
      () =>
        tamper(
          'read-model.db',
          `UPDATE version_tallies SET snapshot = json_set(snapshot, '$.poll.title', 'y') WHERE poll_id = '2'`,
        ),
      found('tally-differs', { poll: '2', part: 'poll' }),
    ],
    [
      'other votes of a poll that nobody looks at',
      () =>
        tamper(
          'read-model.db',
          `UPDATE version_tallies SET snapshot = json_set(snapshot, '$.votes[0]', 7) WHERE poll_id = '2'`,
        ),
      found('tally-digest-differs', { poll: '2' }),
    ],
    [
      'a checkpoint from the future',
      () => tamper('read-model.db', 'UPDATE versions SET position = 999'),
      found('checkpoint-ahead', {}, { actual: '999' }),
    ],
    [
      'a tally from the future',
      () => tamper('read-model.db', "UPDATE version_tallies SET position = 999 WHERE poll_id = '2'"),
      found('tally-ahead', { poll: '2' }, { actual: '999' }),
    ],
  ])('are not: %s', async (_, change, named) => {
    change();
    expect(await pollsIn()).toContainEqual(named);
  });

  it('are looked for behind a gap: the last one that was opened stays the last one', async () => {
    tamper('events.db', `DELETE FROM events ${OF_POLL('2')}`);
    const { lastOpenedIn, pollsOf } = await import('./index.ts');
    expect(lastOpenedIn(await pollsOf(world.log))).toBe('4');
  });
});

describe('a total that nobody asked for by its number', () => {
  const withDefault = async (pollId: string, byDefault: object) => {
    const total = totalOf(await report(pollId));
    const published = { ...publishedTotal('/total', total), byDefault: publishedTotal('/total', byDefault) };
    const options = { source: logSource(world.log), pollId, published: () => Promise.resolve(published) };
    return failuresOf(await audit(options))['published'] ?? [];
  };

  it('is that of the poll that was opened last', async () => {
    expect(await withDefault('4', totalOf(await report('4')))).toEqual([]);
    expect(await withDefault('1', totalOf(await report('4')))).toEqual([]);
    expect(await withDefault('4', totalOf(await report('1')))).toContainEqual(
      found('other-poll-by-default', {}, { expected: '4', actual: '1' }),
    );
  });

  it('has the numbers of that poll, also while another one is audited', async () => {
    const forged = { ...totalOf(await report('4')), voto_1: 9 };
    expect(await withDefault('1', forged)).toContainEqual(
      found('published-differs', { poll: '4', participant: 1 }, { expected: 2, actual: 9 }),
    );
    expect(await withDefault('4', forged)).toContainEqual(
      found('published-differs', { participant: 1 }, { actual: 9 }),
    );
  });

  it('of another poll than was asked for is found', async () => {
    const other = publishedTotal('/total', totalOf(await report('1')));
    const failures = failuresOf(
      await audit({ source: logSource(world.log), pollId: '4', published: () => Promise.resolve(other) }),
    );
    expect(failures['published']).toEqual([found('other-poll-published', {}, { expected: '4', actual: '1' })]);
  });
});
