import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { all, events, idsOf, newPrefix } from '../../../test/eventstoredb-double/fixtures.ts';
import { type SecureDouble, startSecureDouble } from '../../../test/eventstoredb-double/secure.ts';
import { needs } from '../../../test/tools/needs.ts';
import { EventLogUnavailableError, START } from '../event-log.ts';
import { EventStoreDbEventLog } from './eventstoredb-event-log.ts';

const ACCOUNT = 'paredao:p@ss/word';

needs('openssl')('TLS and credentials come from the connection string', () => {
  let folder: string;
  let server: SecureDouble;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'eventstoredb-tls-'));
    server = await startSecureDouble(folder, ACCOUNT);
  });

  afterAll(() => {
    server.double.stop();
    rmSync(folder, { recursive: true });
  });

  const connect = (account: string, protocol?: string): EventStoreDbEventLog =>
    EventStoreDbEventLog.connect(server.urlFor(account, protocol));

  it.each(['esdb', 'esdb+discover'])('appends in batches, reads and subscribes over %s', async (protocol) => {
    const log = connect(ACCOUNT, protocol);
    const prefix = newPrefix();
    const batch = events(3);
    // the double has no other way to append: credentials must not have switched batches off
    expect((await log.append(`${prefix}1`, batch, 'no-stream')).revision).toBe(2n);
    expect(idsOf(await all(log.read(`${prefix}1`, 0n)))).toEqual(idsOf(batch));
    expect(idsOf(await all(log.readAll(START, [prefix])))).toEqual(idsOf(batch));
    await log.close();
  });

  it('is unavailable with a wrong password', async () => {
    const log = connect('paredao:wrong');
    await expect(log.append(`${newPrefix()}1`, events(1), 'any')).rejects.toThrow(EventLogUnavailableError);
    await expect(log.head()).rejects.toThrow(EventLogUnavailableError);
    await log.close();
  });

  it('says that a connection string does not serve without repeating it', () => {
    const connectWrongly = () => EventStoreDbEventLog.connect('esdb://admin:secret@host:port?tls=maybe');
    expect(connectWrongly).toThrow(TypeError);
    expect(connectWrongly).not.toThrow(/secret/);
  });
});
