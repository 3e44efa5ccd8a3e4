import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import { announcedIn } from '#contract';

import { type AuditOptions, type AuditReport, renderHtml, renderText } from './index.ts';
import { Voted, WHOLE_POLL, failuresOf, found } from './testing/voted.ts';

let voted: Voted;
beforeEach(async () => {
  voted = await Voted.from();
});
afterEach(() => voted.dispose());

const checkIn = ({ checks }: AuditReport) => checks.find(({ id }) => id === 'announced')!;

/** Of twelve votes, eight for Aurora and four for Íris; one is a duplicate, one expired, one late. */
const announced = (text: string, options: Partial<AuditOptions> = {}): Promise<AuditReport> =>
  voted.audit({ announced: announcedIn(text)!, ...options });

describe('what was announced', () => {
  it.each(['total=12', 'total=12; 1=8; 2=4', '1=66,67%; 2=33,33%', '1=67%; 2=33%', '1=66,6667%; 2=33,3%', '2=4'])(
    'agrees where it is what was counted: %s',
    async (text) => {
      const report = await announced(text);
      expect(failuresOf(report)).toEqual({});
      expect(checkIn(report).outcome).toBe('ok');
    },
  );

  it.each([
    ['another total', 'total=1.471', [found('announced-differs', { part: 'total' }, { expected: 12, actual: 1471 })]],
    [
      'other votes, which do not add up',
      'total=12; 1=9; 2=4',
      [
        found('announced-differs', { participant: 1, part: 'votes' }, { expected: 8, actual: 9 }),
        found('announced-sum-differs', {}, { expected: 13, actual: 12 }),
      ],
    ],
    [
      'another share',
      '1=66,66%',
      [found('announced-differs', { participant: 1, part: 'share' }, { expected: 66.67, actual: 66.66 })],
    ],
    ['somebody who is not there', '3=1', [found('announced-nobody', { participant: 3 }, { expected: 2 })]],
    ['another order', '1=3; 2=4', [found('announced-differs', { participant: 1 }), found('announced-other-order')]],
  ])('is found where it is %s', async (_, text, findings) => {
    expect(failuresOf(await announced(text))).toEqual({ announced: findings });
  });

  it.each([
    ['the duplicates', 'total=13', found('announced-uncounted', { part: 'duplicates' }, { actual: 1 })],
    ['all that does not count', 'total=15', found('announced-uncounted', { part: 'events' }, { actual: 3 })],
    ['two numbers swapped', '1=4; 2=8', found('announced-swapped', { participant: 1 }, { actual: 2 })],
    ['two shares swapped', '1=33,33%; 2=66,67%', found('announced-swapped', { participant: 1 }, { actual: 2 })],
    ['a round number', 'total=1000', found('announced-rounded', { part: 'total' }, { actual: 1000 })],
    ['an error that changes nothing', '1=9; 2=4', found('announced-same-order')],
  ])('is explained by %s', async (_, text, explanation) => {
    expect(checkIn(await announced(text)).observations).toContainEqual(explanation);
  });

  it('stands in the report with names, difference and explanation', async () => {
    const report = await announced('total=13; 1=9; 2=4');
    for (const text of [renderText(report), renderHtml(report)]) {
      expect(text).toContain('NÃO CONFERE: 1 verificação falhou');
      expect(text).toContain('total: 13 no ar, 12 na recontagem (1 a mais, 8,33%)');
      expect(text).toContain('votos de Aurora (1): 9 no ar, 8 na recontagem (1 a mais, 12,50%)');
      expect(text).toContain('a diferença do total, 1, é exatamente a de votos duplicados, que só contam uma vez');
      expect(text).toContain('a ordem dos participantes é a mesma no anúncio e na recontagem');
    }
  });

  it('is asked for once the result is released, and not before', async () => {
    expect(checkIn(await voted.audit())).toMatchObject({ outcome: 'skipped', detail: { code: 'no-announcement' } });
    const running = await Voted.from(WHOLE_POLL.slice(0, 10));
    const report = await running.audit();
    expect(checkIn(report)).toMatchObject({ outcome: 'inapplicable', detail: { code: 'before-release' } });
    expect(renderText(report)).not.toContain('O que foi anunciado');
    running.dispose();
  });

  it('is compared where the cut has been read, and not before', async () => {
    const { position } = voted.events.at(-2)!;
    expect(checkIn(await announced('total=12', { until: { position } })).outcome).toBe('ok');
    const before = await announced('total=12', { until: { position: 5n } });
    expect(checkIn(before)).toMatchObject({ outcome: 'skipped', detail: { code: 'further' } });
  });
});
