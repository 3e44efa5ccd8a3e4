import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { ServerCredentials } from '@grpc/grpc-js';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { EventStoreDbDouble } from '../../../test/eventstoredb-double/double.ts';
import { all, events, idsOf, newPrefix } from '../../../test/eventstoredb-double/fixtures.ts';
import { needs } from '../../../test/tools/needs.ts';
import { EventLogUnavailableError, START } from '../event-log.ts';
import { EventStoreDbEventLog } from './eventstoredb-event-log.ts';

const ACCOUNT = 'paredao:p@ss/word';

needs('openssl')('TLS and credentials come from the connection string', () => {
  let folder: string;
  let double: EventStoreDbDouble;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'eventstoredb-tls-'));
    const names = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=IP:127.0.0.1'];
    const files = ['-keyout', join(folder, 'key.pem'), '-out', join(folder, 'cert.pem')];
    spawnSync('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '1', ...names, ...files]);
    const pair = {
      private_key: readFileSync(join(folder, 'key.pem')),
      cert_chain: readFileSync(join(folder, 'cert.pem')),
    };
    double = await EventStoreDbDouble.start({
      credentials: ServerCredentials.createSsl(null, [pair]),
      account: ACCOUNT,
    });
  });

  afterAll(() => {
    double.stop();
    rmSync(folder, { recursive: true });
  });

  const connect = (account: string, protocol = 'esdb'): EventStoreDbEventLog => {
    const credentials = account.split(':').map(encodeURIComponent).join(':');
    const authority = `127.0.0.1:${String(double.port)}?tls=true&tlsCAFile=${encodeURIComponent(join(folder, 'cert.pem'))}`;
    return EventStoreDbEventLog.connect(`${protocol}://${credentials}@${authority}`);
  };

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
