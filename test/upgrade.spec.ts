import { beforeAll, describe, expect, it } from '@jest/globals';
import { randomBytes, randomUUID } from 'node:crypto';

import { type RecordedEvent, ballotBoxStream, encodePollEvent, encodeVoteCast, pollStream } from '#domain';
import { SqliteEventLog } from '#event-log';

import { withEventLog } from '../bench/lib/stores.ts';
import type { Client } from './support/client.ts';
import { command } from './support/command.ts';
import { eventually } from './support/eventually.ts';
import { expectExact } from './support/exactness.ts';
import { giveFirstUsers } from './support/first-users.ts';
import { expectProblem } from './support/problem.ts';
import { Server, temporaryDirectory } from './support/server.ts';

const BOX = ballotBoxStream('1');
const LIFETIME_MS = 300_000;
/** The cut comes when nothing can be on its way any more. */
const CUT_LIMIT_MS = 24_000;
const VOTES = 30;

/** What an earlier version left behind: an open poll, and the votes in it, of which one came twice and one too late. */
async function leaveOpenPoll(dataDir: string, acknowledged: Map<string, number>): Promise<void> {
  const log = SqliteEventLog.open(dataDir);
  const now = Date.now();
  const participants = ['Ana Aurora', 'Bento Brisa'].map((name, index) => ({ number: index + 1, name }));
  const openedAt = new Date(now).toISOString();
  const opened = { type: 'PollOpened', pollId: '1', title: 'Quem fica?', participants, openedAt, by: 'admin' } as const;
  const { version, ...content } = encodePollEvent(opened);
  expect(version).toBe(1);
  await log.append(pollStream('1'), [{ id: randomUUID(), version, ...content }], 'no-stream');
  const cast = async (voteId: string, participantId: number, castAt = now): Promise<void> => {
    const humanCheck = { provider: 'altcha', difficulty: 50 };
    const vote = { voteId, participantId, castAt, expiresAt: castAt + LIFETIME_MS, humanCheck };
    await log.append(BOX, [{ id: randomUUID(), ...encodeVoteCast(vote) }], 'any');
  };
  for (let vote = 0; vote < VOTES; vote++) {
    const [voteId, participant] = [randomBytes(16).toString('hex'), 1 + (vote % 2)];
    await cast(voteId, participant);
    if (vote === 0) await cast(voteId, participant);
    acknowledged.set(voteId, participant);
  }
  await cast(randomBytes(16).toString('hex'), 1, now - 2 * LIFETIME_MS);
  await log.close();
}

describe('a service that finds an open poll of an earlier version', () => {
  const dataDir = temporaryDirectory();
  const acknowledged = new Map<string, number>();
  let server: Server;
  let client: Client;

  const start = async (): Promise<void> => {
    server = await Server.start({ dataDir });
    client = server.client();
  };
  const castAll = async (): Promise<void> => {
    for (let vote = 0; vote < VOTES; vote++) {
      const { id, participante } = (await client.cast(1 + (vote % 2))).json.voto as {
        id: string;
        participante: number;
      };
      acknowledged.set(id, participante);
    }
  };
  const exact = async (): Promise<void> => {
    const { recount } = await expectExact(dataDir, client, acknowledged);
    expect(recount).toMatchObject({ duplicates: 1, expired: 1, late: 0, quarantined: 0 });
  };

  beforeAll(async () => {
    await giveFirstUsers(dataDir);
    await leaveOpenPoll(dataDir, acknowledged);
    await start();
  });

  it('goes on with it, under its own rule', async () => {
    expect((await client.get('/paredao')).json).toMatchObject({ id: '1', estado: 'aberto' });
    await exact();
    await castAll();
    await exact();
    const box = await withEventLog(dataDir, async (log) => {
      const events: RecordedEvent[] = [];
      for await (const page of log.read(BOX, 0n)) events.push(...page);
      return events;
    });
    expect(box).toHaveLength(2 * VOTES + 2);
    expect(new Set(box.map(({ type, version }) => `${type} ${String(version)}`))).toEqual(new Set(['VoteCast 1']));
  });

  it('knows after a restart what was voted with', async () => {
    const solved = await client.solved();
    const { json } = await client.vote(1, solved);
    acknowledged.set(json.voto.id as string, 1);
    await server.kill();
    await start();
    const again = await eventually(
      () => client.vote(1, solved),
      ({ status }) => status !== 503,
    );
    expect([again.status, again.json.voto]).toEqual([200, { ...json.voto, posicao: expect.any(String) }]);
    expectProblem(await client.vote(2, solved), 409, 'human-check-used');
    await castAll();
    await exact();
  });

  it('closes it, and the audit agrees', async () => {
    expect((await client.admin('POST', '/paredoes/1/encerrar')).status).toBe(200);
    const isOver = (total: { final: boolean; estado: string }): boolean => total.final && total.estado === 'proclamado';
    await eventually(() => client.total('1'), isOver, CUT_LIMIT_MS);
    await exact();
    expect(await command('audit', ['--poll', '1'], { DATA_DIR: dataDir })).toMatchObject({ code: 0 });
    expect(server.log().filter(({ level }) => level === 'error' || level === 'fatal')).toEqual([]);
  });

  it('opens the next one by the new rule', async () => {
    const poll = { titulo: 'E agora?', participantes: [{ nome: 'Caio' }, { nome: 'Dora' }] };
    expect((await client.admin('POST', '/paredoes', poll)).status).toBe(201);
    await eventually(
      () => client.get('/desafio'),
      ({ status }) => status === 200,
    );
    const { id } = (await client.cast(2)).json.voto as { id: string };
    await eventually(
      () => client.get('/total?paredao=2', client.basic('producao')),
      ({ status }) => status === 200,
    );
    const { recount } = await expectExact(dataDir, client, new Map([[id, 2]]), '2');
    expect(recount).toMatchObject({ votes: [0, 1] });
  });
});
