import { beforeAll, describe, expect, it } from '@jest/globals';

import type { RecordedEvent } from '#domain';
import { SqliteEventLog } from '#event-log';
import { faultOf, parseReceipt, receiptBytes } from '#receipts';
import { leafOf, openedIn, parsePollKeys } from '#seal';
import { verifierOf } from '#transparency';

import { solvedPayload } from '../bench/lib/solver.ts';
import type { Challenge } from '../libs/contract/index.ts';
import type { Client, Json } from './support/client.ts';
import { eventually } from './support/eventually.ts';
import { Server } from './support/server.ts';

let server: Server;
let client: Client;

beforeAll(async () => {
  server = await Server.start();
  client = server.client();
});

const receiptIn = (answer: { json: Json }) => parseReceipt(receiptBytes(String(answer.json.recibo)));

/** What the ballot box of a poll has, as leaves, and the key of its receipts. */
async function boxOf(pollId: string) {
  const log = SqliteEventLog.openReadOnly(server.dataDir);
  try {
    const events: RecordedEvent[] = [];
    for await (const page of log.read(`votes-${pollId}`, 0n)) events.push(...page);
    const key = verifierOf(parsePollKeys(openedIn(events[0]!)!.keys).receipts);
    return { leaves: events.map((event) => leafOf(event).toString()), key };
  } finally {
    await log.close();
  }
}

describe('a receipt', () => {
  it('comes with the vote, signed by the ballot box, and its leaf is there when the answer comes', async () => {
    const answer = await client.cast(2);
    const receipt = receiptIn(answer);
    const { leaves, key } = await boxOf('1');

    expect(faultOf(receipt, key)).toBeUndefined();
    expect(leaves).toContain(Buffer.from(receipt.leaf).toString());
    const { data } = JSON.parse(Buffer.from(receipt.leaf).toString());
    expect(data).toMatchObject({ voteId: answer.json.voto.id, participantId: 2 });
  });

  it('of votes that come together is one signature, and one for each batch', async () => {
    const solved = await Promise.all(Array.from({ length: 40 }, () => client.solved()));
    const receipts = (await Promise.all(solved.map((altcha) => client.vote(1, altcha)))).map(receiptIn);
    const { leaves, key } = await boxOf('1');

    expect(receipts.filter((receipt) => faultOf(receipt, key) !== undefined)).toEqual([]);
    expect(receipts.filter(({ leaf }) => !leaves.includes(Buffer.from(leaf).toString()))).toEqual([]);
    expect(new Set(receipts.map(({ signature }) => Buffer.from(signature).toString('hex'))).size).toBeLessThan(40);
  });

  it('is given again to who did not hear the answer, and names no other vote', async () => {
    const altcha = await client.solved();
    const [first, again] = await Promise.all([client.vote(1, altcha), client.vote(1, altcha)]);
    const later = await client.vote(1, altcha);

    expect([first.status, again.status, later.status].toSorted()).toEqual([200, 200, 201]);
    expect(first.json.recibo).toMatch(/^[\w-]+$/);
    expect([again.json.recibo, later.json.recibo]).toEqual([first.json.recibo, first.json.recibo]);
    expect((await client.vote(2, altcha)).json).toMatchObject({ code: 'human-check-used' });
  });

  it('has nothing that stands nowhere in the ballot box: no address, no request, no finer time', async () => {
    const { leaf, origin, path, root, signature } = receiptIn(await client.cast(1));
    const { data, ...event } = JSON.parse(Buffer.from(leaf).toString());

    expect(origin).toBe('paredao.local/urna/1/1');
    expect(Object.keys(event as object)).toEqual(['type', 'version', 'id']);
    expect(Object.keys(data as object)).toEqual(['voteId', 'participantId', 'castAt', 'expiresAt', 'humanCheck']);
    expect([data.castAt, data.expiresAt]).toEqual(Array(2).fill(expect.stringMatching(/:00\.000Z$/)));
    expect([...path, root, signature].map(({ length }) => length)).toEqual([...Array<number>(12).fill(32), 64]);
  });

  it('of a rehearsal is of its own ballot box', async () => {
    const poll = { titulo: 'Ensaio', finalidade: 'eliminar', participantes: [{ nome: 'A' }, { nome: 'B' }] };
    const made = await client.admin('POST', '/paredoes', { ...poll, ensaio: true });
    expect(made.status).toBe(201);
    const id = String(made.json.id);
    const listed = async (): Promise<Json> =>
      ((await client.get('/paredoes', client.basic('producao'))).json.paredoes as Json[]).find((one) => one.id === id);
    const { chave } = await eventually(listed, (poll) => poll !== undefined);
    const challenge = (await client.get(`/desafio?paredao=${id}&chave=${String(chave)}`)).json as Challenge;
    const json = { altcha: solvedPayload(challenge), cedula: challenge.cedula };
    const receipt = receiptIn(await client.call('POST', '/votar/1', { json }));
    const { leaves, key } = await boxOf(id);

    expect(faultOf(receipt, key)).toBeUndefined();
    expect(leaves).toContain(Buffer.from(receipt.leaf).toString());
    expect(receipt.origin).toBe(`paredao.local/urna/${id}/1`);
  });
});

describe('a service without receipts', () => {
  it('answers a vote as before', async () => {
    const quiet = (await Server.start({ env: { VOTE_RECEIPTS: 'off' } })).client();
    const { json } = await quiet.cast(1);

    expect(Object.keys(json as object)).toEqual(['voto', 'passe']);
  });
});
