import { beforeAll, describe, expect, it } from '@jest/globals';

import type { Answer, Client } from './support/client.ts';
import { expectExact } from './support/exactness.ts';
import { expectProblem } from './support/problem.ts';
import { Server } from './support/server.ts';

const AT_ONCE = 50;

let server: Server;
let client: Client;
let solved: string;
let first: Answer;

const acknowledged = new Map<string, number>();

beforeAll(async () => {
  server = await Server.start();
  client = server.client();
  solved = await client.solved();
});

const sendAtOnce = (participant: number): Promise<Answer[]> =>
  Promise.all(Array.from({ length: AT_ONCE }, () => client.vote(participant, solved)));

describe('one solved challenge', () => {
  it(`sent ${String(AT_ONCE)} times at once is taken once; all others get the very same answer`, async () => {
    const answers = await sendAtOnce(1);
    expect(answers.map(({ status }) => status).sort()).toEqual([
      ...Array.from({ length: AT_ONCE - 1 }, () => 200),
      201,
    ]);
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
    first = answers[0]!;
    acknowledged.set(first.json.voto.id as string, 1);
    const { recount } = await expectExact(server.dataDir, client, acknowledged);
    expect([recount.votes, recount.duplicates]).toEqual([[1, 0], 0]);
  });

  it('is refused for the other participant', async () => {
    for (const answer of await sendAtOnce(2)) expectProblem(answer, 409, 'human-check-used');
    await expectExact(server.dataDir, client, acknowledged);
  });

  it('sent at once for both is taken for one of them only', async () => {
    const challenge = await client.solved();
    const answers = await Promise.all(
      Array.from({ length: AT_ONCE }, (_, index) => client.vote(1 + (index % 2), challenge)),
    );
    const taken = answers.filter(({ status }) => status === 201);
    expect(taken).toHaveLength(1);
    const { id, participante } = taken[0]?.json.voto as { id: string; participante: number };
    for (const { status, json } of answers) {
      if (status === 409) expect(json.code).toBe('human-check-used');
      else expect(json.voto).toMatchObject({ id, participante });
    }
    acknowledged.set(id, participante);
    const { recount } = await expectExact(server.dataDir, client, acknowledged);
    expect([recount.votes[0]! + recount.votes[1]!, recount.duplicates]).toEqual([2, 0]);
  });

  it(`sent ${String(AT_ONCE)} times at once again, after a crash that took all memory of it, is stored but counts once`, async () => {
    await server.kill();
    server = await Server.start({ dataDir: server.dataDir });
    client = server.client();
    const answers = await sendAtOnce(1);
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
    for (const { json } of answers) expect(json.voto).toMatchObject({ id: first.json.voto.id, participante: 1 });
    const { recount } = await expectExact(server.dataDir, client, acknowledged);
    expect([recount.votes[0]! + recount.votes[1]!, recount.duplicates]).toEqual([2, 1]);
    expect((await client.total()).duplicados).toBe(1);
  });

  it('sent for the other participant after a restart counts for the first, as the log has it', async () => {
    await server.stop();
    server = await Server.start({ dataDir: server.dataDir });
    client = server.client();
    expect((await client.vote(2, solved)).status).toBe(201);
    const { recount } = await expectExact(server.dataDir, client, acknowledged);
    expect([recount.votes[0]! + recount.votes[1]!, recount.duplicates]).toEqual([2, 2]);
  });

  it('is then answered from memory again, and changes no count', async () => {
    const before = (await client.total()).digest as string;
    expect((await client.vote(2, solved)).status).toBe(200);
    expect((await client.total()).digest).toBe(before);
  });
});
