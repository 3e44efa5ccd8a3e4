import { describe, expect, it } from '@jest/globals';

import type { Poll } from '#domain';

import { pollView, signOffView } from './poll-view.ts';

const [at, by] = ['2026-11-23T22:40:00.000Z', 'ana'];
const POLL: Poll = { id: '1', title: 'Quem fica?', status: 'sealed', participants: [], openedAt: at, closedAt: at };

const NOBODY = {
  conferido_por: null,
  compromisso: null,
  nao_confere_em: null,
  nao_confere_por: null,
  diferencas: null,
  proclamado_por: null,
  anulado_por: null,
};

describe('a poll', () => {
  it('tells staff who decided what about its result, and that a check failed', () => {
    expect(signOffView(POLL)).toEqual(NOBODY);
    expect(signOffView({ ...POLL, checkFailed: { at, by, findings: 3 } })).toEqual({
      ...NOBODY,
      nao_confere_em: at,
      nao_confere_por: by,
      diferencas: 3,
    });
    const annulled: Poll = {
      ...{ ...POLL, proclaimedAt: at, proclaimedBy: 'bia' },
      checked: { at, by: 'rui', commitment: 'v2-1', votes: 3 },
      annulled: { at, by, reason: 'Nome errado' },
    };
    expect(signOffView(annulled)).toEqual({
      ...NOBODY,
      ...{ conferido_por: 'rui', compromisso: 'v2-1', proclamado_por: 'bia', anulado_por: 'ana' },
    });
  });

  it('says in place of which annulled poll it is held, and why that was annulled', () => {
    const replaced: Poll = { ...POLL, id: '0', annulled: { at, by, reason: 'Nome errado' } };

    expect(pollView({ ...POLL, replaces: '0' }, replaced).substitui).toEqual({ paredao: '0', motivo: 'Nome errado' });
    expect(pollView({ ...POLL, replaces: '0' }).substitui).toEqual({ paredao: '0', motivo: null });
    expect(pollView(POLL).substitui).toBeNull();
  });
});
