import { describe, expect, it } from '@jest/globals';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { readEnvironment } from './environment.ts';
import { openEventLog, openReadModel } from './stores.ts';

const emptyDirectory = (): string => mkdtempSync(join(tmpdir(), 'paredao-'));

describe('stores that have to be servers', () => {
  it('are never replaced by files when the address is missing or misspelt', async () => {
    const dataDir = emptyDirectory();
    const environment = readEnvironment({ dataDir }, { STORES: 'servers', EVENTSTORE_URI: 'esdb://log:2113' });

    await expect(openEventLog(environment, 'write')).rejects.toThrow(/^EVENTSTORE_URL .*must be set.*STORES=servers/);
    await expect(openReadModel(environment)).rejects.toThrow(/^MONGODB_URL .*must be set/);
    expect(readdirSync(dataDir)).toEqual([]);
    rmSync(dataDir, { recursive: true });
  });

  it('are what is named', async () => {
    const urls = { EVENTSTORE_URL: 'esdb://127.0.0.1:1?tls=false', MONGODB_URL: 'mongodb://127.0.0.1:1' };
    const environment = readEnvironment({ dataDir: '/nowhere' }, { STORES: 'servers', ...urls });
    const log = await openEventLog(environment, 'read');
    const readModel = await openReadModel(environment);
    await log.close();
    await readModel.close();
  });

  it('are asked for by a word that is understood', () => {
    expect(() => readEnvironment({}, { STORES: 'server' })).toThrow(/STORES=server: STORES must be one of/);
  });
});

describe('embedded stores', () => {
  it('are the default', async () => {
    const dataDir = emptyDirectory();
    const environment = readEnvironment({ dataDir }, {});
    const log = await openEventLog(environment, 'write');
    const readModel = await openReadModel(environment);
    await log.close();
    await readModel.close();

    expect(existsSync(join(dataDir, 'events.db'))).toBe(true);
    rmSync(dataDir, { recursive: true });
  });
});
