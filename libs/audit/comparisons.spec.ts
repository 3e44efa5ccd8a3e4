import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import type { TallySnapshot } from '#domain';
import { digestOf } from '#read-model';

import { HOUR, SECOND, cut, vote } from '../domain/testing/ballot-box.ts';
import { type AuditReport, publishedTotal } from './index.ts';
import { BOX, Voted, WHOLE_POLL, failuresOf, found, totalOf } from './testing/voted.ts';

let voted: Voted;
beforeEach(async () => {
  voted = await Voted.from();
});
afterEach(() => voted.dispose());

const checkIn = ({ checks }: AuditReport, id: string) => checks.find((check) => check.id === id);
const inBox = (revision: bigint) => voted.events.find((event) => event.stream === BOX && event.revision === revision)!;

/** A whole audit against what is stored and what `/total` says. */
const auditWith = (total: object): Promise<AuditReport> =>
  voted.audit({ published: () => Promise.resolve(publishedTotal('/total', total)) });

/** Stores another tally, as somebody would who knows how a digest is made. */
function storeTally(snapshot: TallySnapshot, position: bigint): void {
  const sql = 'UPDATE version_tallies SET snapshot = ?, digest = ?, position = ?';
  voted.tamperTally(sql, JSON.stringify(snapshot), digestOf(snapshot), position);
}

describe('a result that was right once', () => {
  it('is found when it is put back in the place of the present one', async () => {
    const { position } = inBox(8n);
    const early = await Voted.from(WHOLE_POLL.slice(0, 10));
    const earlyTotal = totalOf(await early.audit());
    storeTally(await early.storedTally(), position);
    early.dispose();
    const failures = failuresOf(await auditWith(earlyTotal));
    const behind = [found('behind-the-log', {}, { expected: '2026-11-23T14:01:01.000Z' })];
    expect(failures).toEqual({ 'read-model': behind, published: behind });
  });

  it.each([
    ['the same', 0],
    ['an hour ahead', HOUR],
    ['an hour behind', -HOUR],
  ])('may be as far behind as a projector is, also where the clock of whoever audits is %s', async (_, apart) => {
    const now = Date.now() - apart;
    const recent = [vote('now', 1, { castAt: now - SECOND }), cut(now)];
    const running = await Voted.from([...WHOLE_POLL.slice(0, 10), ...recent]);
    const before = await Voted.from(WHOLE_POLL.slice(0, 10));
    running.tamperTally(
      'UPDATE version_tallies SET snapshot = ?, digest = ?, position = ?',
      JSON.stringify(await before.storedTally()),
      digestOf(await before.storedTally()),
      before.events.at(-1)!.position,
    );
    const report = await running.audit();
    expect(failuresOf(report)).not.toHaveProperty('read-model');
    const noted = checkIn(report, 'read-model')?.observations.map(({ code }) => code);
    expect(noted).toEqual(apart > 0 ? ['behind-the-log'] : []);
    before.dispose();
    running.dispose();
  });
});

describe('what is published', () => {
  it('agrees when it is the truth', async () => {
    const total = totalOf(await voted.audit());
    expect(failuresOf(await auditWith(total))).toEqual({});
  });

  it.each<[what: string, change: (total: ReturnType<typeof totalOf>) => object, named: ReturnType<typeof found>]>([
    [
      'another total',
      () => ({ total: 13 }),
      found('published-differs', { part: 'total' }, { expected: 12, actual: 13 }),
    ],
    [
      'the end denied',
      () => ({ final: false }),
      found('published-differs', { part: 'final' }, { expected: true, actual: false }),
    ],
    [
      'gaps admitted that there are not',
      () => ({ completo: false }),
      found('published-differs', { part: 'complete' }, { actual: false }),
    ],
    [
      'the names swapped',
      ({ por_participante: [first, second] }) => ({
        por_participante: [
          { ...first!, nome: second!.nome },
          { ...second!, nome: first!.nome },
        ],
      }),
      found('published-differs', { participant: 1, part: 'name' }, { expected: 'Aurora', actual: 'Íris' }),
    ],
    [
      'the votes of a participant changed',
      ({ por_participante: [first, second] }) => ({ por_participante: [{ ...first!, votos: 9 }, second!] }),
      found('published-differs', { participant: 1, part: 'listed' }, { expected: 8, actual: 9 }),
    ],
    [
      'a participant left out',
      ({ por_participante: [first] }) => ({ por_participante: [first] }),
      found('published-differs', { participant: 2, part: 'name' }, { actual: null }),
    ],
    [
      'the total of an hour changed',
      ({ por_hora: [first, ...rest] }) => ({ por_hora: [{ ...first!, total: 5 }, ...rest] }),
      found('published-differs', { hour: '2026-11-23T12', part: 'total' }, { expected: 4, actual: 5 }),
    ],
  ])('with %s is found', async (_, change, named) => {
    const total = totalOf(await voted.audit());
    const failures = failuresOf(await auditWith({ ...total, ...change(total) }));
    expect(Object.keys(failures)).toEqual(['published']);
    expect(failures['published']).toContainEqual(named);
  });
});

describe('a stored tally', () => {
  it.each<[what: string, change: Partial<Record<keyof TallySnapshot, unknown>>, named: ReturnType<typeof found>]>([
    [
      'another place of the opening',
      { openedPosition: '999' },
      found('tally-differs', { part: 'openedPosition' }, { expected: '3', actual: '999' }),
    ],
    ['a clock that was set back', { clock: 1 }, found('tally-differs', { part: 'clock' }, { actual: 1 })],
    [
      'a window that ended long ago',
      { windowUntil: 1 },
      found('tally-differs', { part: 'windowUntil' }, { actual: 1 }),
    ],
    ['a window that begins too late', { windowFrom: '9999' }, found('window-too-late', {}, { actual: '9999' })],
    ['a window that begins nowhere', { windowFrom: 'x' }, found('not-a-tally')],
    ['no minutes at all', { minutes: undefined }, found('tally-differs', { part: 'minutes' }, { actual: null })],
  ])('with %s is found', async (_, change, named) => {
    storeTally({ ...(await voted.storedTally()), ...change } as TallySnapshot, voted.events.at(-1)!.position);
    const failures = failuresOf(await voted.audit());
    expect(Object.keys(failures)).toEqual(['read-model']);
    expect(failures['read-model']).toContainEqual(named);
  });

  it('that is no tally is found', async () => {
    voted.tamperTally('UPDATE version_tallies SET snapshot = ?', '{"votes":null}');
    expect(failuresOf(await voted.audit())['read-model']).toEqual([found('not-a-tally')]);
  });

  it('may remember further back than it has to', async () => {
    storeTally({ ...(await voted.storedTally()), windowFrom: '0' }, voted.events.at(-1)!.position);
    expect(failuresOf(await voted.audit())).toEqual({});
  });
});

describe('an audit of a point in time', () => {
  it('ends exactly there, and not one event before or behind', async () => {
    const { position } = inBox(5n);
    for (const [at, revision] of [
      [position - 1n, '4'],
      [position, '5'],
      [position + 1n, '5'],
    ] as const) {
      expect((await voted.audit({ until: { position: at } })).counts.revision).toBe(revision);
    }
  });

  it('compares with what is not further than it', async () => {
    const { commitment } = await voted.audit();
    const behind = await voted.audit({ until: { position: inBox(5n).position }, expected: commitment });
    expect(checkIn(behind, 'commitment')).toMatchObject({
      outcome: 'skipped',
      detail: { code: 'further' },
    });
    expect(checkIn(behind, 'read-model')).toMatchObject({ outcome: 'skipped' });
    expect(behind.agrees).toBe(true);
    const there = await voted.audit({ until: { position: voted.events.at(-1)!.position }, expected: commitment });
    expect(['commitment', 'read-model'].map((id) => checkIn(there, id)?.outcome)).toEqual(['ok', 'ok']);
  });
});

describe('an audit of nothing', () => {
  it.each([
    ['of a poll that there never was', { pollId: '99' }],
    ['of a time before everything', { until: { time: 0 } }],
  ])('%s fails', async (_, options) => {
    const report = await voted.audit(options);
    expect(report.agrees).toBe(false);
    expect(failuresOf(report)['order']).toEqual([found('no-events')]);
  });
});
