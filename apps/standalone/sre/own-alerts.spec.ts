import { describe, expect, it } from '@jest/globals';

import { type Situation, ownAlerts } from './own-alerts.ts';
import { loadRunbooks } from './runbooks.ts';

const WELL: Situation = {
  queue: { votos: 5, limite: 100, mais_antigo_segundos: 0.02, parado_segundos: 0.02 },
  minute: { votes: 1000, failed: 1, slow: 10 },
  lagSeconds: 0.1,
  quarantined: 0,
  differingAudits: undefined,
};

const namesOf = (changed: Partial<Situation>): string[] => ownAlerts({ ...WELL, ...changed }).map(({ nome }) => nome);

describe('a process', () => {
  it('has no alert when all is well, and none for a few votes', () => {
    expect(namesOf({})).toEqual([]);
    expect(namesOf({ minute: { votes: 3, failed: 1, slow: 2 } })).toEqual([]);
  });

  it.each<[string, Partial<Situation>]>([
    ['VotesStandStill', { queue: { ...WELL.queue, parado_segundos: 1 } }],
    ['VoteErrorBudgetBurnsFast', { minute: { votes: 1000, failed: 15, slow: 0 } }],
    ['VoteLatencyBudgetBurnsFast', { minute: { votes: 1000, failed: 0, slow: 145 } }],
    ['VoteQueueNearlyFull', { queue: { ...WELL.queue, votos: 81 } }],
    ['ProjectionLagBudgetBurnsFast', { lagSeconds: 5.1 }],
    ['EventsQuarantined', { quarantined: 1 }],
    ['ClosingAuditDiffers', { differingAudits: 1 }],
  ])('has %s, with a paragraph of its name', (name, changed) => {
    expect(namesOf(changed)).toEqual([name]);
    expect([...loadRunbooks().keys()]).toContain(name);
  });

  it('says it with numbers', () => {
    const queue = { votos: 12, limite: 100, mais_antigo_segundos: 3.46, parado_segundos: 2.5 };

    expect(ownAlerts({ ...WELL, queue })).toMatchObject([
      { descricao: 'Nenhum voto gravado há 2,5 s; 12 à espera, o mais antigo há 3,5 s.' },
    ]);
  });
});
