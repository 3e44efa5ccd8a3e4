import { expect, it } from '@jest/globals';
import { spawn } from 'node:child_process';
import { once } from 'node:events';

import { eventually } from './support/eventually.ts';
import { Server, freePort } from './support/server.ts';

/** From the end of the server to the end of the generator, ms. */
const LIMIT_MS = 10_000;

/** Starts the generator for a minute, unless `more` says otherwise; what it says is collected. */
function generate(server: { readonly port: number; readonly dataDir: string }, more: readonly string[] = []) {
  const url = `http://127.0.0.1:${server.port}`;
  const args = ['--url', url, '--data-dir', server.dataDir, '--rate', '20', '--duration', '60', ...more];
  const child = spawn(process.execPath, ['dist/bench/load.js', ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  const said = { output: '' };
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => (said.output += text));
  return { said, ended: once(child, 'close') as Promise<[number | null]>, url };
}

it.each(['SIGKILL', 'SIGSTOP'] as const)(
  'a generator whose server has gone (%s) ends soon, names it, and looks its votes up in the log',
  async (signal) => {
    const server = await Server.start();
    const { said, ended, url } = generate(server);
    await eventually(
      () => server.metric('votes_total{result="accepted"}'),
      (votes) => votes > 20,
      30_000,
    );
    server.signal(signal);
    const began = performance.now();
    expect((await ended)[0]).toBe(1);
    expect(performance.now() - began).toBeLessThan(LIMIT_MS);
    expect(said.output).toContain(`not expected: the server at ${url} has gone: no answer for `);
    const [, acknowledged] = /^sent \d+, acknowledged (\d+)/m.exec(said.output) ?? [];
    expect(Number(acknowledged)).toBeGreaterThan(20);
    expect(said.output).not.toMatch(/is not in the log|the invariant does not hold/);
    await server.kill();
  },
);

it('a rehearsal of its own is loaded beside the real poll, which gets none of its votes', async () => {
  const server = await Server.start();
  const client = server.client();
  const names = [{ nome: 'Caio Cometa' }, { nome: 'Dandara Maré' }, { nome: 'Enzo Granizo' }];
  const without = generate(server, ['--rehearsal', '--duration', '2']);
  expect((await without.ended)[0]).toBe(1);
  expect(without.said.output).toContain('no rehearsal is open');
  const made = await client.admin('POST', '/paredoes', { titulo: 'Ensaio', participantes: names, ensaio: true });
  await eventually(
    () => client.total(made.json.id as string).catch(() => undefined),
    (total) => total !== undefined,
  );
  const { said, ended } = generate(server, ['--rehearsal', '--duration', '3', '--voters', 'page']);
  expect([await ended, said.output]).toEqual([
    [0, null],
    expect.stringContaining('REHEARSAL: these votes count for nothing'),
  ]);
  expect(said.output).toContain('PASS');
  expect((await client.total('2')).total).toBeGreaterThan(20);
  expect((await client.total('1')).total).toBe(0);
  client.close();
});

it('a generator that finds no server says where it looked', async () => {
  const server = await Server.start();
  await server.kill();
  const port = await freePort();
  const { said, ended } = generate({ port, dataDir: server.dataDir });
  expect((await ended)[0]).toBe(1);
  expect(said.output).toContain(`127.0.0.1:${port}`);
});
