import { afterEach, describe, expect, it } from '@jest/globals';

import type { Count, PollEvent } from '#domain';

import { NOON, POLL_ID, HOUR, MINUTE, decided } from '../domain/testing/ballot-box.ts';
import { type Finding, renderHtml, renderText } from './index.ts';
import { Voted, WHOLE_POLL, failuresOf, found } from './testing/voted.ts';

const at = new Date(NOON + 3 * HOUR + MINUTE).toISOString();
const by = 'rui';
const STREAM = `poll-${POLL_ID}`;
const pollId = POLL_ID;

let voted: Voted;
afterEach(() => voted.dispose());

/** The whole poll, and what was decided about its result. */
async function after(...events: readonly PollEvent[]): Promise<Voted> {
  voted = await Voted.from([
    ...WHOLE_POLL,
    ...events.map((event) => ({ ...decided(event), recordedAt: Date.parse(at) })),
  ]);
  return voted;
}

/** What an honest audit of it came to. */
async function honest(): Promise<Extract<PollEvent, { type: 'ResultChecked' }>> {
  const { commitment, recounts } = await (await after()).audit();
  voted.dispose();
  const { fold, sql } = recounts as { fold: Count; sql: Count };
  return { type: 'ResultChecked', pollId, commitment, fold, sql, checkedAt: at, by };
}

const failed: PollEvent = { type: 'ResultCheckFailed', pollId, findings: 2, checkedAt: at, by };
const proclaimed: PollEvent = { type: 'ResultProclaimed', pollId, proclaimedAt: at, by: 'ana' };
const unchecked: PollEvent = { ...proclaimed, reason: 'Pressa.' };
const annulled: PollEvent = { type: 'PollAnnulled', pollId, reason: 'Nome errado.', annulledAt: at, by: 'ana' };

const findingsOf = async (check: string): Promise<readonly Finding[]> => failuresOf(await voted.audit())[check] ?? [];

describe('what was signed and released', () => {
  it('is what both ways of counting came to, and agrees', async () => {
    const signed = await honest();
    expect(signed.fold).toEqual({ votes: 12, digest: expect.stringMatching(/^[0-9a-f]{64}$/) });
    expect(signed.sql).toEqual(signed.fold);
    const report = await (await after(signed, proclaimed)).audit();

    expect(failuresOf(report)).toEqual({});
    expect(report.checks.find(({ id }) => id === 'sign-off')).toMatchObject({ outcome: 'ok' });
    // what is decided after the closing changes no commitment
    expect(report.commitment).toBe(signed.commitment);
    for (const text of [renderText(report), renderHtml(report)]) {
      expect(text).toMatch(/assinada por rui em 23\/11\/2026/);
      expect(text).toMatch(/por ana em 23\/11\/2026/);
    }
  });

  it('of an annulled poll agrees, and says why it was annulled', async () => {
    const report = await (await after(unchecked, annulled)).audit();

    expect(report.agrees).toBe(true);
    expect(renderText(report)).toMatch(/Estado +anulado/);
    expect(renderText(report)).toMatch(/Sem conferência +Pressa\./);
    expect(renderText(report)).toMatch(/Anulado +por ana em .*: Nome errado\./);
  });

  it.each<[what: string, change: object, part: string]>([
    ['another commitment', { commitment: `v2-${'0f'.repeat(32)}@1+14` }, 'commitment'],
    ['more votes', { fold: { votes: 13, digest: 'c0'.repeat(32) } }, 'votes'],
    ['two counts that differ', { sql: { votes: 12, digest: 'c0'.repeat(32) } }, 'digest'],
  ])('is found when it has %s', async (_what, change, part) => {
    await after({ ...(await honest()), ...change });

    expect(await findingsOf('sign-off')).toContainEqual(found('signed-differs', { stream: STREAM, part }));
  });

  it('is found when a vote is taken out after the signature', async () => {
    await after(await honest());
    voted.tamper(`DELETE FROM events WHERE type = 'VoteCast' AND revision = 3`);

    expect(await findingsOf('sign-off')).toEqual(
      expect.arrayContaining([
        found('signed-differs', { part: 'commitment' }),
        found('signed-differs', { part: 'votes' }),
      ]),
    );
  });

  it.each<[what: string, events: () => Promise<PollEvent[]>]>([
    ['with nobody having signed', async () => [proclaimed]],
    ['after a check that failed', async () => [await honest(), failed, proclaimed]],
  ])('is found when it is released %s, and nobody says why', async (_what, events) => {
    await after(...(await events()));

    expect(await findingsOf('sign-off')).toContainEqual(
      found('released-unexplained', { stream: STREAM }, { actual: 'ana' }),
    );
  });

  it.each<[what: string, events: () => Promise<PollEvent[]>, type: string]>([
    ['released twice', async () => [unchecked, unchecked], 'ResultProclaimed'],
    ['released after it was annulled', async () => [annulled, unchecked], 'ResultProclaimed'],
    ['signed after it was annulled', async () => [annulled, await honest()], 'ResultChecked'],
    ['annulled twice', async () => [annulled, annulled], 'PollAnnulled'],
  ])('is found when it is %s', async (_what, events, type) => {
    await after(...(await events()));
    const [finding] = await findingsOf('closing');

    expect(finding).toMatchObject({ code: 'decision-out-of-state', actual: { type, state: 'sealed' } });
    expect(renderText(await voted.audit())).toMatch(
      new RegExp(`${type} com o paredão lacrado e já (anulado|proclamado)`),
    );
  });

  it('is found when the reason of a release is taken out', async () => {
    await after(unchecked);
    voted.tamper(
      `UPDATE events SET data = CAST(replace(CAST(data AS TEXT), ',"reason":"Pressa."', '') AS BLOB) WHERE type = 'ResultProclaimed'`,
    );

    expect(await findingsOf('sign-off')).toContainEqual(found('released-unexplained', { stream: STREAM }));
  });
});
