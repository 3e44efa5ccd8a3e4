import { beforeAll, describe, expect, it } from '@jest/globals';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';

import type { Answer, Client } from './support/client.ts';
import { command } from './support/command.ts';
import { eventually } from './support/eventually.ts';
import { expectProblem } from './support/problem.ts';
import { Server, temporaryDirectory } from './support/server.ts';

const HOUR_MS = 3_600_000;
const CLOCK = pathToFileURL(join(process.cwd(), 'test/support/set-clock.mjs')).href;
/** How often a service looks at the file. */
const CLOCK_LOOK_MS = 20;
const FEW = 20;
const HERE = { 'x-forwarded-for': '198.51.100.7' };

describe('a service whose clock is set', () => {
  const clockFile = join(temporaryDirectory(), 'clock');
  let server: Server;
  let client: Client;
  let offset = 0;

  /** @param ms ahead of the right time; resolves when the service has seen it */
  async function setClock(ms: number): Promise<void> {
    offset = ms;
    writeFileSync(clockFile, String(ms));
    await delay(10 * CLOCK_LOOK_MS);
  }

  /** A time on the clock of the service. */
  const inMs = (ms: number): string => new Date(Date.now() + offset + ms).toISOString();
  const status = async (): Promise<string> => (await client.get('/paredao')).json.estado as string;
  const closeAt = async (encerra_em: string): Promise<void> => {
    const { id } = (await client.get('/paredao')).json as { id: string };
    expect((await client.admin('PUT', `/paredoes/${id}/agenda`, { abre_em: null, encerra_em })).status).toBe(200);
  };

  beforeAll(async () => {
    server = await Server.start({
      env: { NODE_OPTIONS: `--import=${CLOCK}`, CLOCK_FILE: clockFile, RATE_LIMIT: String(FEW) },
    });
    client = server.client();
  });

  it('limits nobody for longer than before', async () => {
    const { cedula } = await client.challenge();
    const ask = (): Promise<Answer> =>
      client.call('POST', '/votar/1', { headers: HERE, json: { altcha: 'x', cedula } });
    await setClock(HOUR_MS);
    for (let request = 0; request < FEW; request++) await ask();
    await setClock(0);
    const refused = await ask();
    expect(refused.status).toBe(429);
    expect(Number(refused.headers['retry-after'])).toBeLessThanOrEqual(10);
    // a vote without a solution, and not a limit
    expectProblem(await eventually(ask, (answer) => answer.status !== 429, 11_000), 403, 'human-check-invalid');
  });

  it('locks nobody out for longer than before, and lets in nobody who was removed', async () => {
    await setClock(HOUR_MS);
    const added = await command('user', ['add', 'ana', '--role', 'admin'], { DATA_DIR: server.dataDir });
    const password = added.output.trim().split(/\s+/)[1]!;
    const basic = { authorization: `Basic ${Buffer.from(`ana:${password}`).toString('base64')}` };
    const polls = (): Promise<Answer> => client.get('/paredoes', basic);
    await eventually(polls, (answer) => answer.status === 200);
    await setClock(0);
    await command('user', ['remove', 'ana'], { DATA_DIR: server.dataDir });
    await eventually(polls, (answer) => answer.status === 401, 2000);
    const guess = (): Promise<Answer> =>
      client.call('POST', '/login', { headers: HERE, json: { usuario: 'admin', senha: 'x' } });
    const refused = await eventually(guess, (answer) => answer.status === 429, 20_000);
    expect(Number(refused.headers['retry-after'])).toBeLessThanOrEqual(60);
  });

  it('closes no poll too early, takes no vote after the announced end, and closes the poll within seconds of it', async () => {
    await closeAt(inMs(4000));
    await setClock(-HOUR_MS);
    await delay(5000);
    expect(await status()).toBe('aberto');
    // before the end comes: then it is moved no more
    await closeAt(inMs(HOUR_MS + 120_000));
    await setClock(0);
    const altcha = await client.solved();
    await setClock(121_000);
    expectProblem(await client.vote(1, altcha), 409, 'poll-not-open');
    await eventually(status, (now) => now !== 'aberto', 3000);
  });
});
