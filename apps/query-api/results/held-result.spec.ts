import { describe, expect, it } from '@jest/globals';
import { createSecretKey } from 'node:crypto';

import { CursorCodec, Passes, RehearsalKeys } from '#contract/views';
import type { Policy, Poll } from '#domain';
import type { PollTally } from '#read-model';

import type { Tallies } from '../tallies.ts';
import { PublicPolls } from './public-polls.ts';
import { Results, resultView } from './results.ts';

const AT = Date.parse('2026-11-23T22:41:30.500Z');
const POLL: Poll = {
  id: '1',
  title: 'Quem fica?',
  status: 'open',
  participants: [
    { number: 1, name: 'Ana' },
    { number: 2, name: 'Bento' },
  ],
  openedAt: '2026-11-23T21:00:00.000Z',
  closedAt: null,
};

const tally = (poll: Partial<Poll>, votes = [9, 1]): PollTally =>
  ({ snapshot: { pollId: '1', poll: { ...POLL, ...poll }, votes, cut: null, quarantined: 0 } }) as unknown as PollTally;

describe('a result before its time', () => {
  const held = (policy: Policy, change: Partial<Poll> = {}, votes = [9, 1], voted = false) =>
    resultView(tally({ policy, ...change }, votes), voted);
  const shares = { parcial_visivel: true, sem_votos: false, lider: 1, participantes: [{ percentual: 90 }, {}] };

  it.each<[Policy, string]>([
    ['depois-do-voto', 'quem-votou'],
    ['no-fim', 'ninguem'],
    ['sob-comando', 'ninguem'],
  ])('says with %s who sees the shares, and nothing that follows from them', (policy, parcial_para) => {
    const view = held(policy);

    expect(view).toMatchObject({ divulgacao: policy, parcial_para, parcial_visivel: false });
    expect(view).toMatchObject({ sem_votos: null, lider: null });
    expect(view.participantes.map(({ percentual }) => percentual)).toEqual([null, null]);
    // whoever leads, and whether anybody has voted: the same
    for (const votes of [
      [1, 9],
      [5, 5],
      [0, 0],
    ]) {
      expect({ ...held(policy, {}, votes), atualizado_em: '' }).toEqual({ ...view, atualizado_em: '' });
    }
  });

  it('has the shares for those who voted, where they are for them', () => {
    expect(held('depois-do-voto', {}, [9, 1], true)).toMatchObject(shares);
    expect(held('no-fim', {}, [9, 1], true)).toMatchObject({ parcial_visivel: false });
  });

  it('has them for everybody where production shows them, until they are hidden again', () => {
    expect(held('sob-comando', { shown: true })).toMatchObject({ ...shares, parcial_para: 'todos' });
    expect(held('sob-comando', { shown: false })).toMatchObject({ parcial_visivel: false });
  });
});

describe('the passe', () => {
  const secret = createSecretKey(Buffer.alloc(32, 1));
  const passes = new Passes(secret);
  const tallies = { get: () => tally({ policy: 'depois-do-voto' }) } as unknown as Tallies;
  const polls = new PublicPolls(tallies, new RehearsalKeys(secret));
  const results = new Results(tallies, polls, new CursorCodec(secret), passes);

  it('has the shares for who shows the passe of this poll, and for nobody else', async () => {
    const foreign = new Passes(createSecretKey(Buffer.alloc(32, 4)));
    const isShown = async (passe?: string): Promise<boolean> =>
      (await results.get({ paredao: '1' }, passe)).parcial_visivel;

    expect(await isShown(passes.of('1', AT))).toBe(true);
    expect(results.votedIn('1', passes.of('1', AT))).toBe('1');
    for (const passe of [undefined, '', 'x', passes.of('2', AT), foreign.of('1', AT)]) {
      expect(await isShown(passe)).toBe(false);
      expect(results.votedIn('1', passe)).toBeUndefined();
    }
  });
});
