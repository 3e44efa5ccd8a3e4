import { afterEach, describe, expect, it } from '@jest/globals';

import { EventStoreDbDouble } from './eventstoredb-double/double.ts';
import { expectProblem } from './support/problem.ts';
import { eventually } from './support/eventually.ts';
import { Server, freePort } from './support/server.ts';

const POLL = { titulo: 'Quem fica?', participantes: [{ nome: 'Ana Aurora' }, { nome: 'Bento Brisa' }] };
/** What a process needs to start on a machine that does other things, and the two seconds after that, ms. */
const SAID_LIMIT_MS = 15_000;

let double: EventStoreDbDouble | undefined;
afterEach(() => double?.stop());

describe('a service whose event log is away when it starts', () => {
  it('says what it waits for, answers that it is not ready, refuses votes for now, and works when the log is there', async () => {
    const port = await freePort();
    const server = await Server.launch({
      program: 'command-api',
      env: { EVENTSTORE_URL: `esdb://admin:geheim@127.0.0.1:${String(port)}?tls=false` },
    });
    const client = server.client();
    await eventually(
      () => server.output,
      (output) => output.includes(`waiting for the event log at esdb://127.0.0.1:${String(port)}: `),
      SAID_LIMIT_MS,
    );
    expect(server.output).not.toContain('geheim');
    const unready = await eventually(
      () => client.get('/health/ready').catch(() => undefined),
      (answer) => answer !== undefined,
      SAID_LIMIT_MS,
    );
    expect(unready?.json.error).toMatchObject({ 'event-log': { status: 'down' }, polls: { status: 'down' } });
    expect((await client.get('/health/live')).status).toBe(200);
    expectProblem(await client.get('/desafio'), 503, 'log-unavailable');
    expectProblem(await client.vote(1, 'x'), 503, 'log-unavailable');
    expectProblem(await client.admin('POST', '/paredoes', POLL), 503, 'log-unavailable');

    double = await EventStoreDbDouble.start({ port });
    await server.ready();
    expect((await client.admin('POST', '/paredoes', POLL)).status).toBe(201);
    await client.cast(1);
    // a line a second at most says that the log is away, with how often it was tried
    const troubles = server.log().filter(({ context }) => context === 'event-log');
    const seconds = new Map<string, number>();
    for (const { asctime, mensagem } of troubles) {
      const key = `${String(asctime).slice(0, 19)} ${String(mensagem)}`;
      seconds.set(key, (seconds.get(key) ?? 0) + 1);
    }
    expect(troubles.length).toBeGreaterThan(0);
    expect(Math.max(...seconds.values())).toBeLessThanOrEqual(2);
    expect(troubles[0]).toMatchObject({ store: `esdb://127.0.0.1:${String(port)}`, times: 1 });
    await server.stop();
  });
});

it('a service whose open ballot box was deleted from the store is not ready, although nobody votes', async () => {
  double = await EventStoreDbDouble.start();
  const server = await Server.start({ program: 'command-api', env: { EVENTSTORE_URL: double.connectionString } });
  const client = server.client();
  const readiness = async (): Promise<number> => (await client.get('/health/ready')).status;
  expect((await client.admin('POST', '/paredoes', POLL)).status).toBe(201);
  await eventually(readiness, (status) => status === 200, SAID_LIMIT_MS);
  double.store.tombstone('votes-1');
  await eventually(readiness, (status) => status === 503, SAID_LIMIT_MS);
  const warning = server.log().find(({ context }) => context === 'log-watch');
  expect(warning).toMatchObject({ level: 'warn', err: { message: expect.stringMatching(/votes-1.*deleted/) } });
  await server.stop();
});
