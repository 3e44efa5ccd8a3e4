import { beforeAll, describe, expect, it } from '@jest/globals';
import { DatabaseSync } from 'node:sqlite';
import { join } from 'node:path';

import type { Answer, Client, Json } from './support/client.ts';
import { command } from './support/command.ts';
import { eventually } from './support/eventually.ts';
import { expectProblem } from './support/problem.ts';
import { Server } from './support/server.ts';

/** A poll is cut 16 s after its closing. */
const CUT_LIMIT_MS = 30_000;

let server: Server;
let client: Client;

const poll = (more: object = {}): object => ({
  titulo: 'Quem sai?',
  participantes: [{ nome: 'Ana' }, { nome: 'Bento' }],
  finalidade: 'eliminar',
  ...more,
});

/** `POST /paredoes/{id}/…` by somebody. */
const act = async (user: string, id: string, action: string, json: object = {}): Promise<Answer> =>
  client.call('POST', `/paredoes/${id}/${action}`, { headers: await client.bearer(user), json });

/** What an audit answers at last, and what it told before. */
async function audited(id: string, user = 'auditor'): Promise<{ told: string[]; last: Json }> {
  const { events } = await client.stream(`/auditoria/laudo?paredao=${id}`, Infinity, client.basic(user));
  return { told: events.map(({ event }) => event), last: events.at(-1)?.data };
}

const standing = async (id: string): Promise<Json> => client.total(id);

const sealed = (id: string): Promise<Json> =>
  eventually(
    async () =>
      (await client.call('HEAD', `/auditoria/laudo?paredao=${id}`, { headers: client.basic('auditor') })).status,
    (status) => status === 200,
    CUT_LIMIT_MS,
  );

async function closed(id: string): Promise<void> {
  expect((await client.admin('POST', `/paredoes/${id}/encerrar`)).status).toBe(200);
  await sealed(id);
}

/** A poll that takes votes, with two in it. */
async function opened(more: object = {}): Promise<string> {
  const { status, json } = await client.admin('POST', '/paredoes', poll(more));
  expect({ status, json }).toMatchObject({ status: 201 });
  await eventually(
    async () => (await client.get('/paredao')).json.id as string,
    (id) => id === json.id,
  );
  for (const participant of [1, 2]) await client.cast(participant);
  return json.id as string;
}

const becomes = (id: string, estado: string): Promise<Json> =>
  eventually(
    () => standing(id),
    (total: Json) => total.estado === estado,
  );

const actionsOf = async (id: string): Promise<string[]> =>
  ((await client.get(`/auditoria/acoes?paredao=${id}`, client.basic('auditor'))).json as Json[]).map(
    ({ evento, quem }) => `${evento as string} ${quem as string}`,
  );

/** The poll in the place of the annulled one. */
let substitute: string;

beforeAll(async () => {
  server = await Server.start();
  client = server.client();
  await client.cast(1);
}, 60_000);

describe('from closed to on air', () => {
  let seal: string;

  it('nothing is checked or released while people vote, or the last votes are counted', async () => {
    for (const action of ['proclamar']) expectProblem(await act('admin', '1', action), 409, 'poll-not-closed');
    const laudo = (): Promise<Answer> => client.get('/auditoria/laudo?paredao=1', client.basic('auditor'));
    expectProblem(await laudo(), 409, 'poll-not-closed');
    expect((await client.admin('POST', '/paredoes/1/encerrar')).status).toBe(200);

    expectProblem(await act('admin', '1', 'proclamar'), 409, 'poll-not-counted');
    expectProblem(await laudo(), 409, 'poll-not-counted');
    await sealed('1');
    expect(await becomes('1', 'encerrado')).toMatchObject({ final: true, proclamado_em: null });
  }, 60_000);

  it('an auditor has the whole closed box audited, and gets what to sign it with', async () => {
    const { told, last } = await audited('1');

    expect([told.at(-1), new Set(told.slice(0, -1))]).toEqual(['laudo', new Set(told.length > 1 ? ['progresso'] : [])]);
    expect(last).toMatchObject({
      paredao: '1',
      confere: true,
      votos: 1,
      compromisso: expect.stringMatching(/^v2-[0-9a-f]{64}@\d+\+2$/),
      digest: (await standing('1')).digest,
      duracao_segundos: expect.any(Number),
    });
    const outcomes = (last.verificacoes as Json[]).map(({ resultado }) => resultado as string);
    expect(outcomes).not.toContain('difere');
    seal = last.selo as string;
  });

  it('nobody signs what no audit found, or what was found for somebody else', async () => {
    const [text = '', mac = ''] = seal.split('.');
    const forged = Buffer.from(
      JSON.stringify({ ...JSON.parse(Buffer.from(text, 'base64url').toString()), commitment: 'v2-0' }),
    ).toString('base64url');
    for (const selo of [`${forged}.${mac}`, text, 'x']) {
      expectProblem(await act('auditor', '1', 'conferir', { selo }), 400, 'invalid-seal');
    }
    for (const user of ['admin', 'producao', 'sre']) {
      expectProblem(await act(user, '1', 'conferir', { selo: seal }), 403, 'forbidden');
    }
    expect(await command('user', ['add', 'outra', '--role', 'auditor'], { DATA_DIR: server.dataDir })).toMatchObject({
      code: 0,
    });
    expect(await actionsOf('1')).not.toContain('ResultChecked auditor');
  });

  it('a result is not released without a signature unless somebody says why', async () => {
    expectProblem(await act('producao', '1', 'proclamar'), 400, 'invalid-reason');
    expectProblem(await act('producao', '1', 'proclamar', { motivo: ' ' }), 400, 'invalid-reason');
    expectProblem(await act('auditor', '1', 'proclamar', { motivo: 'x' }), 403, 'forbidden');
  });

  it('it is conferido when the auditor signs, once, and says what was signed and by whom', async () => {
    const [one, other] = await Promise.all([
      act('auditor', '1', 'conferir', { selo: seal }),
      act('auditor', '1', 'conferir', { selo: seal }),
    ]);

    expect([one.status, other.status]).toEqual([200, 200]);
    expect(one.json).toMatchObject({ estado: 'conferido', conferido_em: expect.any(String), proclamado_em: null });
    const total = await becomes('1', 'conferido');
    expect(total.apuracao).toMatchObject({ conferido_por: 'auditor', compromisso: expect.stringMatching(/^v2-/) });
    expect((await actionsOf('1')).filter((action) => action === 'ResultChecked auditor')).toHaveLength(1);
  });

  it('it is proclamado when production says so; then the public knows, with nothing to explain', async () => {
    const { status, json } = await act('producao', '1', 'proclamar', { motivo: 'Nem precisava' });

    expect([status, json]).toEqual([200, expect.objectContaining({ estado: 'proclamado', sem_conferencia: null })]);
    await becomes('1', 'proclamado');
    for (const path of ['/paredao', '/resultado']) {
      expect((await client.get(path)).json).toMatchObject({
        estado: 'proclamado',
        proclamado_em: expect.any(String),
        sem_conferencia: null,
        anulado: null,
      });
    }
    expect((await act('admin', '1', 'proclamar')).json).toMatchObject({ proclamado_em: json.proclamado_em as string });
  });

  it('all of it stands in the audit and its report, which still agree', async () => {
    const { output, code } = await command('audit', ['--poll', '1'], { DATA_DIR: server.dataDir });

    expect(code).toBe(0);
    expect(output).toMatch(/Estado +proclamado/);
    expect(output).toMatch(/Conferência +assinada por auditor em /);
    expect(output).toMatch(/Proclamação +por producao em /);
    expect((await client.get('/auditoria/relatorio?paredao=1', client.basic('auditor'))).text).toContain(
      'assinada por auditor em ',
    );
  }, 60_000);
});

describe('a poll that went wrong', () => {
  it('is closed and annulled in one step; a vote that is under way gets a true answer', async () => {
    const id = await opened();
    const altcha = await client.solved();
    expectProblem(await act('admin', id, 'anular'), 400, 'malformed-request');
    expectProblem(await act('admin', id, 'anular', { motivo: ' ' }), 400, 'invalid-reason');
    expectProblem(await act('producao', id, 'anular', { motivo: 'x' }), 403, 'forbidden');

    const { status, json } = await act('admin', id, 'anular', { motivo: 'O nome de Ana estava errado.' });

    expect([status, json.estado, json.encerrado_em]).toEqual([200, 'anulado', expect.any(String)]);
    expectProblem(await client.vote(1, altcha), 409, 'poll-not-open');
    const anulado = { motivo: 'O nome de Ana estava errado.', anulado_em: expect.any(String) };
    await becomes(id, 'anulado');
    for (const path of ['/paredao', '/resultado', `/resultado?paredao=${id}`]) {
      expect((await client.get(path)).json).toMatchObject({ estado: 'anulado', anulado });
    }
    expect((await client.get('/paredoes', client.basic('producao'))).json.paredoes[0]).toMatchObject({
      estado: 'anulado',
      anulado,
      apuracao: { anulado_por: 'admin' },
    });
    expect(await actionsOf(id)).toEqual(['PollOpened admin', 'PollClosed admin', 'PollAnnulled admin']);
  }, 60_000);

  it('is never checked nor proclaimed, stays annulled for the first reason, and its log is audited like any other', async () => {
    for (const [user, action] of [['producao', 'proclamar']] as const) {
      expectProblem(await act(user, '2', action, { motivo: 'x' }), 409, 'poll-annulled');
    }
    expectProblem(await client.get('/auditoria/laudo?paredao=2', client.basic('auditor')), 409, 'poll-annulled');
    expect((await act('admin', '2', 'anular', { motivo: 'Outro' })).json.anulado.motivo).toBe(
      'O nome de Ana estava errado.',
    );
    await eventually(
      () => standing('2'),
      ({ final }: Json) => final === true,
      CUT_LIMIT_MS,
    );
    const audit = await eventually(
      () => command('audit', ['--poll', '2'], { DATA_DIR: server.dataDir }),
      ({ output }) => /O encerramento está completo.*corte/.test(output),
    );
    expect(audit.code).toBe(0);
    expect(audit.output).toMatch(/Estado +anulado/);
    expect(audit.output).toMatch(/Anulado +por admin em .*: O nome de Ana estava errado\./);
  }, 60_000);

  it('is replaced by a poll that names it, and by no other', async () => {
    for (const substitui of ['1', '9']) {
      expectProblem(await client.admin('POST', '/paredoes', poll({ substitui })), 409, 'poll-not-annulled');
    }
    // a draft may name it later, and take it back
    const { id: draft } = (await client.admin('POST', '/paredoes', poll({ rascunho: true }))).json as { id: string };
    for (const substitui of ['1', '9', draft]) {
      expectProblem(await client.admin('PATCH', `/paredoes/${draft}`, { substitui }), 409, 'poll-not-annulled');
    }
    const named = (await client.admin('PATCH', `/paredoes/${draft}`, { substitui: '2' })).json;
    expect(named.substitui).toMatchObject({ paredao: '2' });
    expect((await client.admin('PATCH', `/paredoes/${draft}`, { substitui: null })).json.substitui).toBeNull();
    substitute = await opened({ substitui: '2' });

    expect((await client.get('/paredao')).json).toMatchObject({
      id: substitute,
      substitui: { paredao: '2', motivo: 'O nome de Ana estava errado.' },
    });
  }, 60_000);

  it('may have been proclaimed', async () => {
    expect((await act('admin', '1', 'anular', { motivo: 'Fraude.' })).json).toMatchObject({ estado: 'anulado' });
    expect(await becomes('1', 'anulado')).toMatchObject({ proclamado_em: expect.any(String) });
  });
});

describe('a check that does not agree', () => {
  it('signs nothing, shows what it found, tells production, and then a release needs a reason', async () => {
    await closed(substitute);
    const good = await audited(substitute);
    expect((await act('auditor', substitute, 'conferir', { selo: good.last.selo })).json.estado).toBe('conferido');
    const database = new DatabaseSync(join(server.dataDir, 'events.db'));
    const forge = (from: string, to: string): void => {
      database
        .prepare(
          `UPDATE events SET data = CAST(replace(CAST(data AS TEXT), ?, ?) AS BLOB)
           WHERE type = 'VoteCast' AND revision = 1 AND stream = (SELECT id FROM streams WHERE name = ?)`,
        )
        .run(from, to, `votes-${substitute}`);
    };
    forge('"participantId":1', '"participantId":2');

    const { last } = await audited(substitute);
    forge('"participantId":2', '"participantId":1');

    expect(last).toMatchObject({ confere: false });
    const found = (last.verificacoes as { achados: { code: string }[] }[]).flatMap(({ achados }) =>
      achados.map(({ code }) => code),
    );
    expect(found).toEqual(expect.arrayContaining(['tally-differs', 'signed-differs']));
    const noted = await act('auditor', substitute, 'conferir', { selo: last.selo });
    expect(noted.json).toMatchObject({ estado: 'encerrado', conferido_em: null });
    expect((await becomes(substitute, 'encerrado')).apuracao).toMatchObject({
      nao_confere_em: expect.any(String),
      nao_confere_por: 'auditor',
      diferencas: found.length,
    });
    // the one that agreed is older than the one that did not
    expectProblem(await act('auditor', substitute, 'conferir', { selo: good.last.selo }), 409, 'check-outdated');
    expectProblem(await act('producao', substitute, 'proclamar'), 400, 'invalid-reason');
    const released = await act('producao', substitute, 'proclamar', { motivo: 'Vai ao ar mesmo assim.' });
    expect(released.json).toMatchObject({ estado: 'proclamado', sem_conferencia: 'Vai ao ar mesmo assim.' });
    database.close();

    // a signature afterwards changes nothing of how it was
    const again = await audited(substitute);
    expect((await act('auditor', substitute, 'conferir', { selo: again.last.selo })).json).toMatchObject({
      estado: 'proclamado',
      sem_conferencia: 'Vai ao ar mesmo assim.',
      conferido_em: expect.any(String),
    });
  }, 90_000);
});

describe('a check that is cut off', () => {
  it('leaves nothing signed, through a crash, and is made again', async () => {
    const id = await opened();
    await closed(id);
    const cutOff = client.stream(`/auditoria/laudo?paredao=${id}`, Infinity, client.basic('auditor')).catch(() => null);
    await server.kill();
    await cutOff;
    server = await Server.start({ dataDir: server.dataDir });
    client = server.client();
    await sealed(id);
    expect((await standing(id)).estado).toBe('encerrado');
    expect(await actionsOf(id)).toEqual(['PollOpened admin', 'PollClosed admin', 'PollSealed null']);

    const { last } = await audited(id);
    expect((await act('auditor', id, 'conferir', { selo: last.selo })).json.estado).toBe('conferido');
  }, 90_000);

  it('is of no use when the poll is annulled meanwhile', async () => {
    const id = await opened();
    await closed(id);
    const { last } = await audited(id);
    expect((await act('admin', id, 'anular', { motivo: 'Erro.' })).status).toBe(200);

    expectProblem(await act('auditor', id, 'conferir', { selo: last.selo }), 409, 'poll-annulled');
  }, 90_000);
});
