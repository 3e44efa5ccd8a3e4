import { describe, expect, it } from '@jest/globals';
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

import { Client } from './support/client.ts';
import { eventually } from './support/eventually.ts';
import { giveFirstUsers } from './support/first-users.ts';
import { Server, credentialsOf, freePort, temporaryDirectory } from './support/server.ts';

const textOf = (path: string): string => (existsSync(path) ? readFileSync(path, 'utf8') : '');

describe('a service', () => {
  it('goes on in a new log file on SIGHUP, when the one so far was renamed, and loses no line', async () => {
    const server = await Server.start({ env: { LOG_LEVEL: 'debug' } });
    const client = server.client();
    const rotated = `${server.logFile}.1`;
    renameSync(server.logFile, rotated);
    await client.get('/resultado?x=1');
    server.signal('SIGHUP');
    await eventually(
      () => existsSync(server.logFile),
      (exists) => exists,
    );
    expect((await client.cast(1)).status).toBe(201);
    await eventually(
      () => textOf(server.logFile),
      (text) => text.includes('/votar/:participante'),
    );
    expect(textOf(rotated)).toContain('/resultado');
    for (const line of `${textOf(rotated)}${textOf(server.logFile)}`.trimEnd().split('\n')) JSON.parse(line);
    expect(server.isRunning).toBe(true);
  });

  it.each(['standalone', 'command-api', 'query-api'] as const)(
    'goes on when nobody reads what it prints any more: %s',
    async (program) => {
      const dataDir = temporaryDirectory();
      await giveFirstUsers(dataDir);
      const port = await freePort();
      const child: ChildProcess = spawn(process.execPath, [join('dist/apps', program, 'main.js')], {
        stdio: ['ignore', 'pipe', 'pipe'],
        env: {
          PATH: process.env['PATH'],
          DATA_DIR: dataDir,
          PORT: String(port),
          METRICS_PORT: String(await freePort()),
          HUMAN_CHECK_DIFFICULTY: '50',
          LOG_LEVEL: 'debug',
        },
      });
      const client = new Client(port, credentialsOf(dataDir));
      const live = async (): Promise<number> =>
        client.get('/health/live').then(
          ({ status }) => status,
          () => 0,
        );
      await eventually(live, (status) => status === 200, 40_000);
      child.stdout?.destroy();
      child.stderr?.destroy();
      for (let round = 0; round < 10; round++) {
        expect((await client.get('/nada')).status).toBe(404);
        await delay(150);
      }
      if (program === 'standalone') expect((await client.cast(1)).status).toBe(201);
      expect(child.exitCode).toBeNull();
      child.kill('SIGKILL');
      client.close();
    },
    60_000,
  );

  it.each(['users.json', 'secrets.json'])('names a broken %s, and says what to do', async (file) => {
    const dataDir = temporaryDirectory();
    await giveFirstUsers(dataDir);
    writeFileSync(join(dataDir, file), '[{"name":');
    const server = await Server.launch({ dataDir });
    expect((await server.exited).code).toBe(1);
    expect(server.output).toContain(`${join(dataDir, file)} is no JSON`);
    expect(server.output).toContain('backup');
  });
});
