import { afterEach, describe, expect, it } from '@jest/globals';

import { EventStoreDbDouble } from './eventstoredb-double/double.ts';
import { startSecureDouble } from './eventstoredb-double/secure.ts';
import { expectProblem } from './support/problem.ts';
import { eventually } from './support/eventually.ts';
import { Server, freePort, temporaryDirectory } from './support/server.ts';
import { needs } from './tools/needs.ts';

const POLL = { titulo: 'Quem fica?', participantes: [{ nome: 'Ana Aurora' }, { nome: 'Bento Brisa' }] };
/** What a process needs to start on a machine that does other things, and the two seconds after that, ms. */
const SAID_LIMIT_MS = 15_000;

const launch = (program: 'command-api' | 'projector' | 'audit-api', url: string): Promise<Server> =>
  Server.launch({ program, env: { EVENTSTORE_URL: url } });

let double: EventStoreDbDouble | undefined;
afterEach(() => double?.stop());

describe('a service whose event log is away when it starts', () => {
  it('says what it waits for, answers that it is not ready, refuses votes for now, and works when the log is there', async () => {
    const port = await freePort();
    const server = await launch('command-api', `esdb://admin:geheim@127.0.0.1:${String(port)}?tls=false`);
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

needs('openssl')('a service whose event log refuses its account', () => {
  it.each<[Parameters<typeof launch>[0], string, string | undefined]>([
    ['command-api', 'with a wrong password', 'paredao:wrong'],
    ['projector', 'without a login', undefined],
    ['audit-api', 'that may not read all streams', 'leitor:wrong'],
  ])('%s ends with a code: an account %s', async (name, _what, account) => {
    const server = await startSecureDouble(temporaryDirectory(), 'paredao:right');
    double = server.double;
    double.accounts.add('leitor', 'wrong');
    const service = await launch(name, server.urlFor(account));

    expect(await service.exited).toEqual({ code: 1, signal: null });
    expect(service.output).toMatch(
      /cannot start: the event log at esdb:\/\/127\.0\.0\.1:\d+ refuses the account of EVENTSTORE_URL/,
    );
    expect(service.output).not.toContain('wrong');
  });

  it('a service ends with a code when a server that was away refuses it', async () => {
    const server = await startSecureDouble(temporaryDirectory(), 'paredao:right');
    double = server.double;
    double.kill();
    const service = await launch('command-api', server.urlFor('paredao:wrong'));
    await eventually(
      () => service.output,
      (output) => output.includes('waiting for the event log'),
      SAID_LIMIT_MS,
    );
    await double.restart();
    expect(await service.exited).toEqual({ code: 1, signal: null });
    expect(service.output).toContain('the event log refuses the account of EVENTSTORE_URL');
  });
});
