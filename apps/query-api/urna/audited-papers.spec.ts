import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import type { Boletim, Zeresima } from '#contract';
import { Environment } from '#platform';
import type { PollTally } from '#read-model';

import { anchorOf } from '../../../libs/audit/index.ts';
import { NOON, HOUR } from '../../../libs/domain/testing/ballot-box.ts';
import { ballot, recorded, sealed, wholePoll } from '../../../libs/audit/testing/sealed-poll.ts';
import { Voted, failuresOf, found } from '../../../libs/audit/testing/voted.ts';
import { Boletins } from './boletins.ts';
import { PublishedPoll } from './testing/published-poll.ts';
import { UrnaWitnesses } from './urna-witnesses.ts';
import { Zeresimas } from './zeresimas.ts';

const DRAFTS = wholePoll();

let poll: PublishedPoll;
let boletim: Boletim;
let zeresima: Zeresima;

beforeAll(async () => {
  poll = await PublishedPoll.of(24);
  const tally = (await (await poll.readModel.current()).load('paredao-1')) as PollTally;
  boletim = await new Boletins(poll.urnas(), poll.published(), new UrnaWitnesses(new Environment())).of(tally, 'x');
  zeresima = await new Zeresimas(poll.log, poll.urnas()).of(tally, 'x');
});
afterAll(() => poll.dispose());

async function failures(paper: object, voted = poll.voted) {
  const anchors = [anchorOf('papel', JSON.stringify(paper))];
  return failuresOf(await voted.audit({ independent: false, anchors }));
}

describe('a paper of a ballot box', () => {
  it('that was kept says what the log says', async () => {
    for (const paper of [boletim, zeresima, { ...zeresima, checkpoint: null }])
      expect(await failures(paper)).toEqual({});
    const report = await poll.voted.audit({
      independent: false,
      anchors: [boletim, zeresima].map((paper) => anchorOf('papel', JSON.stringify(paper))),
    });
    expect(report.checks.find(({ id }) => id === 'papers')).toMatchObject({ outcome: 'ok', detail: { count: 2 } });
  });

  it('says so still when a vote came too late after it was printed', async () => {
    const later = await Voted.of(sealed(recorded([...DRAFTS, ballot('later', 1, NOON + 3 * HOUR)])));
    expect(await failures(boletim, later)).toEqual({});
    later.dispose();
  });

  it.each<[string, (one: Boletim) => object, object]>([
    ['its total', (one) => ({ total: one.total + 1 }), { part: 'total' }],
    ['its end', (one) => ({ corte: one.corte + 1 }), { part: 'cut' }],
    ['its digest', () => ({ digest: 'f'.repeat(64) }), { part: 'digest' }],
    ['its title', () => ({ titulo: 'Quem fica?' }), { part: 'title' }],
    ['its poll', () => ({ paredao: '9' }), { part: 'poll' }],
    ['the root of its zerésima', (one) => ({ zeresima: one.urna.raiz }), { part: 'emptyRoot' }],
    ['its leaves', (one) => ({ urna: { ...one.urna, folhas: 9 } }), { part: 'boxSize' }],
    ['its root', (one) => ({ urna: { ...one.urna, raiz: one.atos.raiz } }), { part: 'boxRoot' }],
    ['the root of the acts', (one) => ({ atos: { ...one.atos, raiz: one.urna.raiz } }), { part: 'actsRoot' }],
    ['a duplicate too many', (one) => ({ na_urna: { ...one.na_urna, duplicados: 1 } }), { part: 'duplicates' }],
    [
      'the votes of somebody',
      ({ participantes: [one, two] }) => ({ participantes: [{ ...one, votos: 1 }, two] }),
      { participant: 1, part: 'votes' },
    ],
    [
      'a name',
      ({ participantes: [one, two] }) => ({ participantes: [one, { ...two, nome: 'Outra' }] }),
      { participant: 2, part: 'name' },
    ],
    ['somebody less', ({ participantes: [one] }) => ({ participantes: [one] }), { participant: 2, part: 'votes' }],
  ])('fails when a boletim has other: %s', async (_, change, at) => {
    const { papers, ...others } = await failures({ ...boletim, ...change(boletim) });

    expect(papers).toContainEqual(found('paper-differs', { file: 'papel', ...at }));
    // the checkpoints in it are good: nothing else finds it
    expect(others).toEqual({});
  });

  it.each<[string, Partial<Zeresima>, object]>([
    ['first leaf', { folha: '{}' }, { part: 'leaf' }],
    ['root', { raiz: 'AAAA' }, { part: 'emptyRoot' }],
    ['title', { titulo: 'Quem fica?' }, { part: 'title' }],
    ['origin', { origem: 'voto.example/urna/9/1' }, { part: 'origin' }],
    ['names', { participantes: [] }, { participant: 1, part: 'name' }],
  ])('fails when a zerésima has another %s', async (_, change, at) => {
    const { papers, ...others } = await failures({ ...zeresima, ...change });

    expect(papers).toContainEqual(found('paper-differs', { file: 'papel', ...at }));
    expect(others).toEqual({});
  });

  it('is not taken for compared when a part of it is missing', () => {
    for (const paper of [
      { ...boletim, total: undefined },
      { ...boletim, corte: '25' },
      { ...boletim, total: 2.5 },
      { ...boletim, participantes: [{}] },
      { ...boletim, urna: { ...boletim.urna, checkpoint: 'x' } },
      { ...zeresima, raiz: null },
    ])
      expect(() => anchorOf('papel', JSON.stringify(paper))).toThrow(
        expect.objectContaining({ code: 'invalid-anchor' }),
      );
  });
});
