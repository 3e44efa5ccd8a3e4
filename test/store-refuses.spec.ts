import { afterEach, expect, it } from '@jest/globals';

import type { EventStoreDbDouble } from './eventstoredb-double/double.ts';
import { startSecureDouble } from './eventstoredb-double/secure.ts';
import { eventually } from './support/eventually.ts';
import { Server, temporaryDirectory } from './support/server.ts';
import { needs } from './tools/needs.ts';

/** What a process needs to start on a machine that does other things, and the two seconds after that, ms. */
const SAID_LIMIT_MS = 15_000;

const launch = (program: 'command-api' | 'projector' | 'audit-api', url: string): Promise<Server> =>
  Server.launch({ program, env: { EVENTSTORE_URL: url } });

let double: EventStoreDbDouble | undefined;
afterEach(() => double?.stop());

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
