import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createSecretKey } from 'node:crypto';

import { CursorCodec, Passes, RehearsalKeys, pollView } from '#contract/views';
import type { Poll, TallySnapshot } from '#domain';
import { digestOf } from '#read-model';

import { PublicPolls } from './results/public-polls.ts';
import { Results, resultView } from './results/results.ts';
import type { PollTally } from '#read-model';
import type { Tallies } from './tallies.ts';
import { totalView } from './totals/total-view.ts';

const NOW = Date.parse('2026-11-23T22:41:30.500Z');
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
const EMPTY: TallySnapshot = {
  pollId: '1',
  poll: POLL,
  revision: '-1',
  votes: [0, 0],
  hours: {},
  minutes: {},
  duplicates: 0,
  late: 0,
  expired: 0,
  quarantined: 0,
  quarantine: [],
  cut: null,
  clock: 0,
  windowFrom: '0',
  windowUntil: 0,
};

const tally = (change: Partial<TallySnapshot> = {}): PollTally => {
  const snapshot = { ...EMPTY, ...change };
  return { position: 9n, digest: digestOf(snapshot), snapshot } as PollTally;
};

let current: PollTally;
let reached: (position: bigint) => Promise<boolean>;
const tallies = {
  get: () => current,
  all: () => [current],
  includes: (position: bigint) => reached(position),
  ratePerSecond: () => 3.2,
  ageSeconds: () => 0.1,
  lagSeconds: () => 0,
} as unknown as Tallies;

const total = (change: Partial<TallySnapshot> = {}) => totalView(tally(change), tallies, NOW);
const result = (change: Partial<TallySnapshot> = {}) => resultView(tally(change), false);

beforeEach(() => {
  current = tally();
  reached = () => Promise.resolve(true);
});
afterEach(() => {
  reached = () => Promise.resolve(true);
});

/** What nobody decided yet about a result. */
const UNDECIDED = { conferido_em: null, proclamado_em: null, sem_conferencia: null, anulado: null };
describe('the total', () => {
  it('of an empty poll is 0 everywhere', () => {
    expect(total()).toEqual({
      paredao: '1',
      titulo: 'Quem fica?',
      finalidade: null,
      divulgacao: 'sempre',
      parcial_para: 'todos',
      estado: 'aberto',
      aberto_em: POLL.openedAt,
      encerra_em: null,
      encerrado_em: null,
      pausado_em: null,
      ...UNDECIDED,
      apuracao: expect.objectContaining({ conferido_por: null, anulado_por: null }),
      voto_1: 0,
      voto_2: 0,
      total: 0,
      votos_ultima_hora: 0,
      votos_por_segundo: 3.2,
      por_participante: [
        { numero: 1, nome: 'Ana', votos: 0, percentual: 0 },
        { numero: 2, nome: 'Bento', votos: 0, percentual: 0 },
      ],
      por_hora: [],
      por_minuto: [],
      pico: null,
      mesmo_minuto: [],
      observacoes: [],
      duplicados: 0,
      atrasados: 0,
      expirados: 0,
      quarentena: 0,
      completo: true,
      final: false,
      digest: current.digest,
      revisao: '-1',
      atualizado_em: '2026-11-23T22:41:30.500Z',
      idade_segundos: 0.1,
      atraso_projecao_segundos: 0,
    });
  });

  it('counts each participant, and the shares are of what was counted', () => {
    expect(total({ votes: [10, 5] })).toMatchObject({
      voto_1: 10,
      voto_2: 5,
      total: 15,
      por_participante: [
        { votos: 10, percentual: 66.67 },
        { votos: 5, percentual: 33.33 },
      ],
    });
  });

  it('lists the hours in UTC, in order, each with its sum', () => {
    const hours = { '2026-11-24T00': [0, 4], '2026-11-23T22': [10, 1], '2026-11-23T23': [2, 0] };

    expect(total({ hours, votes: [12, 5] }).por_hora).toEqual([
      { hora: '2026-11-23T22:00:00.000Z', total: 11, voto_1: 10, voto_2: 1 },
      { hora: '2026-11-23T23:00:00.000Z', total: 2, voto_1: 2, voto_2: 0 },
      { hora: '2026-11-24T00:00:00.000Z', total: 4, voto_1: 0, voto_2: 4 },
    ]);
  });

  it('lists the last sixty minutes that had votes', () => {
    const minutes = Object.fromEntries(
      Array.from({ length: 62 }, (_, index) => [new Date(NOW - index * 60_000).toISOString().slice(0, 16), [1, 2]]),
    );
    const { por_minuto } = total({ minutes });

    expect(por_minuto).toHaveLength(60);
    expect(por_minuto[0]?.minuto).toBe('2026-11-23T21:42:00.000Z');
    expect(por_minuto.at(-1)).toEqual({ minuto: '2026-11-23T22:41:00.000Z', total: 3, voto_1: 1, voto_2: 2 });
  });

  it('sums the last hour as it slides', () => {
    const minutes = { '2026-11-23T21:40': [100, 0], '2026-11-23T21:42': [1, 2], '2026-11-23T22:41': [3, 4] };

    expect(total({ minutes }).votos_ultima_hora).toBe(10);
    expect(totalView(tally({ minutes }), tallies, NOW + 3_600_000).votos_ultima_hora).toBe(0);
  });

  it('says what was not counted, and whether anything could not be read', () => {
    expect(total({ duplicates: 4, late: 3, expired: 2, quarantined: 1 })).toMatchObject({
      duplicados: 4,
      atrasados: 3,
      expirados: 2,
      quarentena: 1,
      completo: false,
    });
  });

  it('of a finished poll is final', () => {
    const poll: Poll = { ...POLL, policy: 'no-fim', status: 'sealed', closedAt: '2026-11-23T22:00:00.000Z' };

    expect(total({ poll, cut: '15', votes: [8, 7], revision: '15' })).toMatchObject({
      estado: 'encerrado',
      encerrado_em: '2026-11-23T22:00:00.000Z',
      final: true,
      revisao: '15',
    });
    expect(total({ poll: { ...poll, status: 'closed' } })).toMatchObject({ estado: 'encerrado', final: false });
  });
});

describe('the public result', () => {
  it('shows shares and never a count', () => {
    const view = result({ votes: [1234, 4321], duplicates: 777, revision: '5555' });

    expect(Object.keys(view).toSorted()).toEqual(
      [
        ...Object.keys(UNDECIDED),
        'aberto_em',
        'atualizado_em',
        'boletim',
        'cedula',
        'encerra_em',
        'encerrado_em',
        'pausado_em',
        'completo',
        'divulgacao',
        'estado',
        'final',
        'finalidade',
        'lider',
        'paredao',
        'parcial_para',
        'parcial_visivel',
        'participantes',
        'sem_votos',
        'titulo',
      ].toSorted(),
    );
    expect(view.participantes).toEqual([
      { numero: 1, nome: 'Ana', percentual: 22.21 },
      { numero: 2, nome: 'Bento', percentual: 77.79 },
    ]);
    for (const secret of ['1234', '4321', '5555', '777']) expect(JSON.stringify(view)).not.toContain(secret);
  });

  it.each([
    ['a tie', [7, 7], [50, 50], false],
    ['no votes', [0, 0], [0, 0], true],
    ['one vote', [0, 1], [0, 100], false],
    ['a landslide', [1, 999_999], [0, 100], false],
    ['thirds', [1, 2], [33.33, 66.67], false],
  ])('of %s adds up', (_what, votes, shares, sem_votos) => {
    const view = result({ votes });

    expect(view.participantes.map(({ percentual }) => percentual)).toEqual(shares);
    expect(view.sem_votos).toBe(sem_votos);
  });

  it('says when it will not change any more, and when something is missing', () => {
    expect(result({ cut: '3' })).toMatchObject({ final: true, completo: true });
    expect(result({ quarantined: 1 })).toMatchObject({ final: false, completo: false });
  });

  it('says where the boletim is once it is public, of polls that have one', () => {
    const over = { ...POLL, status: 'sealed', closedAt: POLL.openedAt, policy: 'sempre', ballotBoxes: 1 } as const;
    const proclaimed = { ...over, proclaimedAt: POLL.openedAt! };

    expect(result({ cut: '3', poll: proclaimed }).boletim).toBe('/urna/1/boletim');
    expect(result({ cut: '3', poll: { ...over, closedAt: new Date().toISOString() } }).boletim).toBeNull();
    expect(result({ cut: null, poll: proclaimed }).boletim).toBeNull();
    expect(result({ cut: '3', poll: { ...proclaimed, ballotBoxes: undefined } as never }).boletim).toBeNull();
  });
});

describe('the result that a voter asks for', () => {
  const secret = createSecretKey(Buffer.alloc(32, 1));
  const cursors = new CursorCodec(secret);
  const keys = new RehearsalKeys(secret);
  const results = new Results(tallies, new PublicPolls(tallies, keys), cursors, new Passes(secret));

  it('says whether the own vote is in, and is read after the wait', async () => {
    reached = (position) => {
      expect(position).toBe(42n);
      current = tally({ votes: [1, 0] });
      return Promise.resolve(true);
    };
    const view = await results.get({ desde: cursors.encode(42n) });

    expect(view).toMatchObject({ inclui_seu_voto: true, sem_votos: false });
  });

  it('comes without it when the wait was too long', async () => {
    reached = () => Promise.resolve(false);

    expect(await results.get({ paredao: '1', desde: cursors.encode(42n) })).toMatchObject({ inclui_seu_voto: false });
  });

  it('says nothing of it when it was not asked, and refuses a cursor that was made up', async () => {
    expect(await results.get({ paredao: '1' })).not.toHaveProperty('inclui_seu_voto');
    await expect(results.get({ paredao: '1', desde: 'x'.repeat(22) })).rejects.toMatchObject({
      code: 'invalid-cursor',
    });
  });
});

describe('a poll', () => {
  it('is shown with its state in the words of the public', () => {
    expect(pollView(POLL)).toEqual({
      id: '1',
      titulo: 'Quem fica?',
      finalidade: null,
      substitui: null,
      divulgacao: 'sempre',
      parcial_para: 'todos',
      tem_regulamento: false,
      estado: 'aberto',
      abre_em: null,
      encerra_em: null,
      aberto_em: POLL.openedAt,
      encerrado_em: null,
      pausado_em: null,
      ...UNDECIDED,
      atualizado_em: expect.stringMatching(/Z$/),
      cedula: expect.stringMatching(/^1-[0-9a-f]{8}$/),
      versao: expect.stringMatching(/^[0-9a-f]{16}$/),
      correcoes: [],
      participantes: [
        { numero: 1, nome: 'Ana' },
        { numero: 2, nome: 'Bento' },
      ],
    });
  });

  it('is open while it is paused, and says since when', () => {
    const poll: Poll = { ...POLL, pausedAt: '2026-11-23T22:40:00.000Z' };
    const paused = { estado: 'aberto', pausado_em: poll.pausedAt, encerra_em: null };
    expect(pollView(poll)).toMatchObject(paused);
    expect(result({ poll })).toMatchObject({ ...paused, aberto_em: POLL.openedAt });
    expect(total({ poll })).toMatchObject({ ...paused, atualizado_em: new Date(NOW).toISOString() });
  });

  it('is closed, checked and proclaimed, and says without what; and it may be annulled', () => {
    const [at, by] = ['2026-11-23T22:40:00.000Z', 'ana'];
    const closed: Poll = { ...POLL, policy: 'no-fim', status: 'sealed', closedAt: at };
    const checked: Poll = { ...closed, checked: { at, by, commitment: 'v2', votes: 0 } };
    const proclaimed: Poll = { ...closed, proclaimedAt: at, proclaimedBy: by, uncheckedBecause: 'Pressa' };
    const annulled: Poll = { ...proclaimed, annulled: { at, by, reason: 'Nome errado' } };
    const told = [
      { estado: 'encerrado', ...UNDECIDED },
      { estado: 'conferido', ...UNDECIDED, conferido_em: at },
      { estado: 'proclamado', ...UNDECIDED, proclamado_em: at, sem_conferencia: 'Pressa' },
      { estado: 'anulado', anulado: { motivo: 'Nome errado', anulado_em: at }, proclamado_em: at },
    ];
    for (const [index, poll] of [closed, checked, proclaimed, annulled].entries()) {
      for (const view of [pollView(poll), result({ poll }), total({ poll })]) expect(view).toMatchObject(told[index]!);
    }
  });

  it('is in preparation until it is scheduled, and scheduled until it is open', () => {
    const draft: Poll = { ...POLL, status: 'draft', openedAt: null };
    const schedule = { opensAt: '2026-11-23T22:05:00.000Z', closesAt: null, by: 'ana' };
    expect(pollView(draft)).toMatchObject({ estado: 'rascunho', aberto_em: null, abre_em: null });
    expect(pollView({ ...draft, schedule })).toMatchObject({ estado: 'agendado', abre_em: schedule.opensAt });
    expect(pollView({ ...POLL, schedule }).estado).toBe('aberto');
  });
});
