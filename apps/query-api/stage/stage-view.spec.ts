import { describe, expect, it, test } from '@jest/globals';

import { type OpenedPoll, STAGE_MODES } from '#domain';
import type { PollTally } from '#read-model';

import { stageView } from './stage-view.ts';

const at = '2026-11-23T22:00:00.000Z';
const around = { endereco: null, caminho: '/', telas: [] };
const POLL: OpenedPoll = {
  id: '1',
  title: 'Quem sai?',
  status: 'open',
  purpose: 'eliminar',
  policy: 'no-fim',
  participants: ['Ana', 'Bento', 'Caio'].map((name, index) => ({ number: index + 1, name })),
  openedAt: at,
  closedAt: null,
};
const SEALED = { status: 'sealed', closedAt: at } as const;
const annulled = { at, by: 'ana', reason: 'Nome errado' };

const view = (change: Partial<OpenedPoll> = {}, votes = [2, 5, 1], cut = change.status === 'sealed' ? '8' : null) =>
  stageView({ snapshot: { poll: { ...POLL, ...change }, votes, cut } } as unknown as PollTally, around);
const scoreIn = (change: Partial<OpenedPoll>) =>
  Object.fromEntries(STAGE_MODES.map((mode) => [mode, view({ ...change, stage: { mode, at } }).placar !== null]));

describe('what the stage is sent', () => {
  it('is the countdown before anybody asked for anything', () => {
    expect(view()).toMatchObject({ modo: 'contagem', pedido_em: null, placar: null, revelavel: false });
    expect(view({ stage: { mode: 'suspense', at } })).toMatchObject({ modo: 'suspense', pedido_em: at });
  });

  test.each<[string, Partial<OpenedPoll>, Record<string, boolean>]>([
    ['open', {}, { parcial: true, revelacao: false }],
    ['closed', { status: 'closed', closedAt: at }, { parcial: false, revelacao: false }],
    ['counted', SEALED, { parcial: false, revelacao: false }],
    ['proclaimed', { ...SEALED, proclaimedAt: at }, { parcial: true, revelacao: true }],
    ['annulled', { ...SEALED, proclaimedAt: at, annulled }, { parcial: false, revelacao: false }],
  ])('has shares only where they are on the wall: a poll that is %s', (_what, change, shown) => {
    expect(scoreIn(change)).toEqual({ contagem: false, suspense: false, ...shown });
    expect(view(change).revelavel).toBe(shown['revelacao']);
    expect(view(change).anulado).toBe('annulled' in change);
  });

  it('holds the result of a poll of an earlier version until it is counted', () => {
    const { policy: _, ...earlier } = POLL;
    const closed = { ...earlier, status: 'closed', closedAt: at, stage: { mode: 'revelacao', at } } as const;
    const shown = (cut: string | null) =>
      stageView({ snapshot: { poll: closed, votes: [2, 5, 1], cut } } as unknown as PollTally, around).placar;
    expect(shown(null)).toBeNull();
    expect(shown('8')).not.toBeNull();
  });

  const score = (votes: number[]) => view({ stage: { mode: 'parcial', at } }, votes).placar;
  it('says in which order a reveal goes, and who has the most votes', () => {
    expect(score([2, 5, 1])).toEqual({ percentuais: [25, 62.5, 12.5], ordem: [3, 1, 2], primeiros: [2] });
    expect(score([5, 2, 5])).toMatchObject({ ordem: [2, 1, 3], primeiros: [1, 3] });
    expect(score([0, 0, 0])).toMatchObject({ percentuais: [0, 0, 0], primeiros: [] });
  });

  it('has no counts', () => {
    const frame = JSON.stringify(view({ stage: { mode: 'parcial', at } }, [20_001, 50_002, 10_003]));
    expect(frame).not.toMatch(/20001|50002|10003|80006/);
  });

  it('says whether everybody sees the shares anyway', () => {
    const policies = ['sempre', 'depois-do-voto', 'no-fim', 'sob-comando'] as const;
    expect(policies.map((policy) => view({ policy }).publica)).toEqual([true, false, false, false]);
    expect(view({ policy: 'sob-comando', shown: true }).publica).toBe(true);
    expect(view({ ...SEALED, proclaimedAt: at }).publica).toBe(true);
  });

  it('says that it is a rehearsal', () => {
    expect([view().ensaio, view({ rehearsal: true }).ensaio]).toEqual([undefined, true]);
  });
});
