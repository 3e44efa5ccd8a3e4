import { afterEach, beforeAll, beforeEach, expect, it, jest } from '@jest/globals';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { EventLog } from '#event-log';
import { EventStoreDbEventLog } from '#event-log/eventstoredb';

import type { EventStoreDbDouble } from '../../test/eventstoredb-double/double.ts';
import { type SecureDouble, startSecureDouble } from '../../test/eventstoredb-double/secure.ts';
import { needs } from '../../test/tools/needs.ts';
import { readEnvironment } from './environment.ts';
import { StoresModule } from './stores.module.ts';

/** After what is told by then nobody thinks that it hangs, ms. */
const SAID_LIMIT_MS = 2000;
const ADMIN = 'admin:geheim';

let folder: string;
let server: SecureDouble;
let said: string[];
let opened: EventLog | undefined;

/** The first connection of a process by TLS takes longer than all others. */
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'paredao-'));
  server = await startSecureDouble(folder, ADMIN);
  const log = EventStoreDbEventLog.connect(server.urlFor(ADMIN));
  await log.head();
  await log.close();
  server.double.stop();
  rmSync(folder, { recursive: true });
});
beforeEach(async () => {
  said = [];
  opened = undefined;
  jest.spyOn(process.stderr, 'write').mockImplementation((text) => {
    said.push(String(text));
    return true;
  });
  folder = mkdtempSync(join(tmpdir(), 'paredao-'));
  server = await startSecureDouble(folder, ADMIN);
  server.double.accounts.add('leitor', 'geheim');
});
afterEach(async () => {
  jest.restoreAllMocks();
  await opened?.close();
  server.double.stop();
  rmSync(folder, { recursive: true });
});

/** Opens the log as a service does at its start. @returns how long that took, ms, and why it ended, if it did */
async function start(url: string): Promise<{ took: number; refusal: string | undefined }> {
  const environment = readEnvironment({ dataDir: '/nowhere' }, { STORES: 'servers', EVENTSTORE_URL: url });
  const since = performance.now();
  const refusal = await StoresModule.open(environment, { eventLog: 'write', readModel: false }).then(
    ({ providers }) => {
      opened = (providers?.[0] as { useValue: EventLog }).useValue;
      return undefined;
    },
    (error: unknown) => (error as Error).message,
  );
  return { took: performance.now() - since, refusal };
}

needs('openssl')('a start that cannot work says why within two seconds, without a password', () => {
  it.each<[string, string | undefined, RegExp]>([
    ['a wrong password', 'admin:falsch', /Unauthenticated/],
    ['no login', undefined, /Unauthenticated/],
    ['an account that may not read all streams', 'leitor:geheim', /may not|denied/i],
  ])('and ends: %s', async (_what, account, why) => {
    const { took, refusal } = await start(server.urlFor(account));

    expect(refusal).toMatch(/^the event log at esdb:\/\/127\.0\.0\.1:\d+ refuses the account of EVENTSTORE_URL: /);
    expect(refusal).toMatch(why);
    expect(refusal).not.toMatch(/geheim|falsch/);
    expect(took).toBeLessThan(SAID_LIMIT_MS);
  });

  it.each<[string, (double: EventStoreDbDouble) => void, RegExp]>([
    ['a server that is away', (double) => double.kill(), /UNAVAILABLE|ECONNREFUSED|no answer in 1500 ms/],
    ['a server that does not answer', ({ faults }) => faults.freeze(), /no answer in 1500 ms/],
    [
      'a server that is not ready',
      ({ faults }) => {
        faults.notReady = true;
      },
      /Server Is Not Ready/,
    ],
  ])('and goes on trying: %s', async (_what, spoil, why) => {
    spoil(server.double);
    const { took, refusal } = await start(server.urlFor(ADMIN));

    expect(refusal).toBeUndefined();
    expect(said).toEqual([expect.stringMatching(/^waiting for the event log at esdb:\/\/127\.0\.0\.1:\d+: .+\n$/)]);
    expect(said[0]).toMatch(why);
    expect(said[0]).not.toContain('geheim');
    expect(took).toBeLessThan(SAID_LIMIT_MS);
  });

  it('and says nothing where all is well', async () => {
    expect((await start(server.urlFor(ADMIN))).refusal).toBeUndefined();
    expect(said).toEqual([]);
  });
});
