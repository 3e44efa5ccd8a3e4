import { beforeAll, describe, expect, it } from '@jest/globals';

import type { Answer, Client } from './support/client.ts';
import { eventually } from './support/eventually.ts';
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

  it(`sent ${String(AT_ONCE)} times at once again after a crash is answered with the vote that is in the log, and changes no count`, async () => {
    await server.kill();
    server = await Server.start({ dataDir: server.dataDir });
    client = server.client();
    await client.cast(1).then(({ json }) => acknowledged.set(json.voto.id as string, 1));
    const known = await eventually(
      () => client.vote(1, solved),
      ({ status }) => status !== 503,
    );
    for (const { status, json } of [known, ...(await sendAtOnce(1))]) {
      expect(status).toBe(200);
      expect(json.voto).toMatchObject({ id: first.json.voto.id, participante: 1 });
    }
    const { recount } = await expectExact(server.dataDir, client, acknowledged);
    expect([recount.votes[0]! + recount.votes[1]!, recount.duplicates]).toEqual([3, 0]);
  });

  it('is refused for the other participant, after a crash and after a stop', async () => {
    for (const answer of await sendAtOnce(2)) expectProblem(answer, 409, 'human-check-used');
    await server.stop();
    server = await Server.start({ dataDir: server.dataDir });
    client = server.client();
    const answer = await eventually(
      () => client.vote(2, solved),
      ({ status }) => status !== 503,
    );
    expectProblem(answer, 409, 'human-check-used');
    const { recount } = await expectExact(server.dataDir, client, acknowledged);
    expect([recount.votes[0]! + recount.votes[1]!, recount.duplicates]).toEqual([3, 0]);
  });
});
