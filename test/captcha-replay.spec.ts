import { afterAll, beforeAll, expect, it } from '@jest/globals';

import { SiteverifyDouble } from '../libs/human-check/testing/siteverify-double.ts';
import { ServerProcess } from './eventstoredb-double/server-process.ts';
import { describeOnServer } from './eventstoredb-double/server-under-test.ts';
import { type Answer, type Client, cedulaFor } from './support/client.ts';
import { eventually } from './support/eventually.ts';
import { expectExact } from './support/exactness.ts';
import { expectProblem } from './support/problem.ts';
import { Server, temporaryDirectory } from './support/server.ts';

const POLL = { titulo: 'Quem fica?', participantes: [{ nome: 'Ana Aurora' }, { nome: 'Bento Brisa' }] };
const HOSTNAME = 'vote.example';
const AT_ONCE = 20;
const LIMIT_MS = 30_000;

const dataDir = temporaryDirectory();
const acknowledged = new Map<string, number>();

let eventLog: ServerProcess;
let pollId: string;
let provider: SiteverifyDouble;
let env: Record<string, string>;
let commandApis: Server[];
let queries: Client;

const voteAt = (instance: number, participant: number, altcha: string, captcha?: string): Promise<Answer> =>
  commandApis[instance]!.client().call('POST', `/votar/${String(participant)}`, {
    json: { altcha, cedula: cedulaFor(altcha), ...(captcha && { captcha }) },
  });

const startCommandApi = (): Promise<Server> => Server.start({ program: 'command-api', dataDir, env });

beforeAll(async () => {
  provider = await SiteverifyDouble.start('turnstile', HOSTNAME);
  eventLog = await ServerProcess.start();
  env = {
    EVENTSTORE_URL: eventLog.connectionString,
    CAPTCHA_PROVIDER: provider.provider,
    CAPTCHA_SITE_KEY: provider.siteKey,
    CAPTCHA_SECRET: provider.secret,
    CAPTCHA_HOSTNAME: HOSTNAME,
    CAPTCHA_VERIFY_URL: provider.verifyUrl,
    CAPTCHA_WHEN: 'always',
  };
  commandApis = [await startCommandApi(), await startCommandApi()];
  await Server.start({ program: 'projector', dataDir, env });
  queries = (await Server.start({ program: 'query-api', dataDir, env })).client();
  const staff = commandApis[0]!.client();
  const { status, json: opened } = await staff.admin('POST', '/paredoes', POLL);
  expect(status).toBe(201);
  pollId = String(opened.id);
  for (const server of commandApis) {
    const client = server.client();
    await eventually(
      () => client.get('/desafio'),
      ({ status }) => status === 200,
      LIMIT_MS,
    );
  }
}, 120_000);

afterAll(async () => {
  await eventLog.stop();
  await provider.stop();
});

const expectCounted = async (votes: number): Promise<void> => {
  const place = { eventstoreUrl: eventLog.connectionString };
  const { recount } = await expectExact(place, queries, acknowledged, pollId, LIMIT_MS);
  expect(recount.votes[0]! + recount.votes[1]!).toBe(votes);
};

describeOnServer('one solved challenge and one token', () => {
  let altcha: string;
  let token: string;

  it('sent at once to two instances count once', async () => {
    altcha = await commandApis[0]!.client().solved();
    token = provider.mint();
    const answers = await Promise.all(
      Array.from({ length: AT_ONCE }, (_, index) => voteAt(index % 2, 1, altcha, token)),
    );
    expect(answers.filter(({ status }) => ![200, 201].includes(status))).toEqual([]);
    expect(new Set(answers.map(({ json }) => json.voto.id as string)).size).toBe(1);
    acknowledged.set(answers[0]!.json.voto.id as string, 1);
    await expectCounted(1);
  });

  it('are answered again without the token by those who know it, and not moved to the other participant', async () => {
    expect((await voteAt(0, 1, altcha)).status).toBe(200);
    for (const instance of [0, 1]) expectProblem(await voteAt(instance, 2, altcha, token), 409, 'human-check-used');
    await expectCounted(1);
  });

  it('are what they were after a restart that took all memory of them', async () => {
    await commandApis[1]!.kill();
    commandApis[1] = await startCommandApi();
    const answer = await eventually(
      () => voteAt(1, 2, altcha, token),
      ({ status }) => status !== 503,
      LIMIT_MS,
    );
    expectProblem(answer, 409, 'human-check-used');
    expect((await voteAt(1, 1, altcha, token)).status).toBe(200);
    await expectCounted(1);
  });
});

describeOnServer('a token', () => {
  it('is not good for a second challenge, at either instance', async () => {
    const token = provider.mint();
    const first = await voteAt(0, 1, await commandApis[0]!.client().solved(), token);
    acknowledged.set(first.json.voto.id as string, 1);
    for (const instance of [0, 1]) {
      const answer = await voteAt(instance, 1, await commandApis[instance]!.client().solved(), token);
      expectProblem(answer, 403, 'captcha-invalid');
    }
    await expectCounted(2);
  });

  it('sent at once with two challenges to two instances opens one of them', async () => {
    const token = provider.mint();
    const solved = await Promise.all(commandApis.map((server) => server.client().solved()));
    const answers = await Promise.all(solved.map((altcha, instance) => voteAt(instance, 2, altcha, token)));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 403]);
    acknowledged.set(answers.find(({ status }) => status === 201)!.json.voto.id as string, 2);
    await expectCounted(3);
  });

  it('is needed: a challenge that asks for one is refused without, and with one of another site', async () => {
    for (const captcha of [undefined, 'invented', provider.mint({ hostname: 'evil.example' })]) {
      const altcha = await commandApis[0]!.client().solved();
      expectProblem(await voteAt(0, 1, altcha, captcha), 403, 'captcha-invalid');
    }
    await expectCounted(3);
  });

  it('cannot stand in for the work', async () => {
    const asked = provider.asked.length;
    expectProblem(await voteAt(0, 1, 'Zm9yZ2Vk', provider.mint()), 403, 'human-check-invalid');
    expect(provider.asked).toHaveLength(asked);
    await expectCounted(3);
  });
});
