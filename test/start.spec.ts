import { beforeAll, describe, expect, it } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, writeFileSync } from 'node:fs';
import { createServer, type Server as NetServer } from 'node:net';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';

import { eventually } from './support/eventually.ts';
import { expectNoLeak } from './support/problem.ts';
import { Server, freePort, temporaryDirectory } from './support/server.ts';

/** A refusal to start: quickly, with exit code 1, and in words. */
async function expectRefusal(server: Server, words: RegExp): Promise<void> {
  const began = performance.now();
  expect(await server.exited).toEqual({ code: 1, signal: null });
  expect(performance.now() - began).toBeLessThan(10_000);
  expect(server.output).toMatch(/cannot start: /);
  expect(server.output).toMatch(words);
  expect(server.output).not.toMatch(/\n\s+at |Error:/);
}

function temporaryFile(): string {
  const file = join(temporaryDirectory(), 'file');
  writeFileSync(file, '');
  return file;
}

async function occupied(): Promise<{ port: number; listener: NetServer }> {
  const port = await freePort();
  const listener = createServer();
  await once(listener.listen(port, '127.0.0.1'), 'listening');
  return { port, listener };
}

describe('a second start', () => {
  let first: Server;

  beforeAll(async () => {
    first = await Server.start();
  });

  it('on the same data fails at once and says so; the first goes on', async () => {
    const client = first.client();
    await client.cast(1);
    const second = await Server.launch({ dataDir: first.dataDir });
    await expectRefusal(second, /data directory .* is in use by another process/);
    await client.cast(2);
    expect((await client.get('/health/ready')).status).toBe(200);
  });

  it('on the same port fails and says so; the first goes on', async () => {
    const second = await Server.launch({ port: first.port });
    const port = String(first.port);
    await expectRefusal(second, new RegExp(`PORT=${port}: address already in use 127.0.0.1:${port}`));
    expect(second.output).not.toContain('METRICS_PORT');
    await first.client().cast(1);
  });

  it('with the same port for metrics fails and says so', async () => {
    const second = await Server.launch({ env: { METRICS_PORT: String(first.metricsPort) } });
    await expectRefusal(second, new RegExp(`METRICS_PORT=${String(first.metricsPort)}: address already in use`));
  });

  it('after the first was killed works: no lock is left behind', async () => {
    await first.kill();
    const next = await Server.start({ dataDir: first.dataDir });
    expect((await next.client().total()).total).toBe(3);
  });
});

describe('a port that another program has', () => {
  it('is named', async () => {
    const { port, listener } = await occupied();
    await expectRefusal(await Server.launch({ port }), new RegExp(`address already in use 127.0.0.1:${String(port)}`));
    listener.close();
  });
});

describe('an address that this machine has not', () => {
  it('is named with its variable', async () => {
    await expectRefusal(
      await Server.launch({ env: { HOST: '198.51.100.1' } }),
      /HOST=198\.51\.100\.1: address not available/,
    );
  });
});

describe('a data directory that cannot be used', () => {
  it.each([
    [
      'a file in its place',
      () => join(temporaryFile(), ''),
      /the data directory .*file cannot be used: it is no directory/,
    ],
    ['a file on its way', () => join(temporaryFile(), 'below'), /the data directory .*below cannot be used: .*ENOTDIR/],
  ])('is named with the reason: %s', async (_what, place, words) => {
    await expectRefusal(await Server.launch({ env: { DATA_DIR: place() } }), words);
  });

  it("because it is somebody else's is named with the file", () => {
    const dataDir = temporaryDirectory();
    const file = join(dataDir, 'events.db');
    writeFileSync(file, '', { mode: 0o400 });
    chmodSync(dataDir, 0o755);
    // root may read and write everything
    const code = `
      const { checkDataDirectory } = await import('./dist/libs/platform/data-directory.js');
      if (process.getuid() === 0) process.setuid(65534);
      checkDataDirectory('${dataDir}', 'write');`;
    const { stderr } = spawnSync(process.execPath, ['--input-type=module', '--eval', code], { encoding: 'utf8' });
    expect(stderr).toMatch(new RegExp(`the data directory ${dataDir} cannot be used: EACCES: permission denied`));
  });
});

describe('when it is on air', () => {
  it('it says where the log is, and under which addresses phones find it', async () => {
    const server = await Server.start({ env: { HOST: '0.0.0.0' } });
    expect(server.output).toContain(`  vote          http://127.0.0.1:${server.port}/\n`);
    expect(server.output).toContain(`  log           ${server.logFile}\n`);
    const phones = Object.values(networkInterfaces())
      .flatMap((found) => found ?? [])
      .filter(({ family, internal }) => family === 'IPv4' && !internal);
    for (const { address } of phones)
      expect(server.output).toContain(`  on phones     http://${address}:${server.port}/\n`);
    await server.stop();
  });
});

describe('port 0', () => {
  it('is one that is free, and the banner says which, for the metrics too', async () => {
    const server = await Server.launch({ env: { PORT: '0', METRICS_PORT: '0' } });
    const { output } = await eventually(
      () => server,
      (one) => one.output.includes('  log  '),
      20_000,
    );
    const [, pages = '', metrics = ''] = /vote +(\S+)[^]*metrics +(\S+)/.exec(output) ?? [];
    for (const address of [pages, metrics]) expect((await fetch(address)).status).toBe(200);
    await server.stop();
  });
});

describe('a wrong variable', () => {
  it('is named with its value, and so are all others', async () => {
    const env = {
      PORT: '70000',
      METRICS_PORT: '-1',
      LOG_LEVEL: 'loud',
      HUMAN_CHECK_DIFFICULTY: '0',
      HUMAN_CHECK_LIFETIME_SECONDS: '5',
      VOTE_BATCH_LIMIT: '2.5',
      RATE_LIMIT: 'none',
    };
    const server = await Server.launch({ env });
    await expectRefusal(server, /./);
    for (const [name, value] of Object.entries(env)) expect(server.output).toContain(`${name}=${value}: `);
    expectNoLeak(server.output);
  });

  it('is named even when it is a proxy that is no address', async () => {
    await expectRefusal(await Server.launch({ env: { TRUSTED_PROXIES: 'nginx' } }), /TRUSTED_PROXIES/);
  });
});
