import { beforeAll, describe, expect, it } from '@jest/globals';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

import { PasswordTags } from '../libs/auth/password-tags.ts';
import { hashPassword } from '../libs/auth/passwords.ts';
import { loadSecrets } from '../libs/platform/secrets.ts';
import type { Answer, Client } from './support/client.ts';
import { Server, temporaryDirectory } from './support/server.ts';

const PASSWORD = 'uma senha de verdade';
const TRIES = 20;
const LIMIT_MS = 5000;
const TICK_MS = 20;

let client: Client;
let lastGuesser = 0;

/** Many people with one password: nobody whom the service has let in before. */
async function addStaff(dataDir: string, rates: readonly number[]): Promise<void> {
  const path = join(dataDir, 'users.json');
  const tags = new PasswordTags(loadSecrets(dataDir).token);
  const hash = await hashPassword(PASSWORD);
  const names = rates.flatMap((rate) =>
    Array.from({ length: TRIES }, (_, index) => `p${String(rate)}-${String(index)}`),
  );
  const staff = names.map((name) => ({
    name,
    role: 'producao',
    passwordHash: `${hash}$${tags.of(name, PASSWORD)}`,
  }));
  writeFileSync(path, JSON.stringify([...(JSON.parse(readFileSync(path, 'utf8')) as object[]), ...staff]));
}

/** One guess from an address that nobody has seen: of this user, or of nobody, by form or by Basic. */
function guess(name: string): Promise<Answer> {
  const number = ++lastGuesser;
  const [user, password] = [number % 4 === 0 ? `x${String(number)}` : name, `palpite ${String(number)}`];
  const address = `10.${String(number >> 16)}.${String((number >> 8) & 255)}.${String(number & 255)}`;
  const headers = { 'x-forwarded-for': address };
  if (number % 2 === 0) return client.call('POST', '/login', { headers, json: { usuario: user, senha: password } });
  const authorization = `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
  return client.get('/total', { ...headers, authorization });
}

/** Guesses as fast as it says, whatever becomes of them, until it is told to stop. @returns the answers by status */
async function guessers(rate: number, target: () => string, stop: AbortSignal): Promise<Record<number, number>> {
  const statuses: Record<number, number> = {};
  const answers: Promise<void>[] = [];
  const started = performance.now();
  while (!stop.aborted) {
    const due = ((performance.now() - started) / 1000) * rate;
    for (; answers.length < due;) {
      answers.push(
        guess(target()).then(
          ({ status }) => void (statuses[status] = (statuses[status] ?? 0) + 1),
          () => undefined,
        ),
      );
    }
    await delay(TICK_MS);
  }
  await Promise.all(answers);
  return statuses;
}

describe('a crowd of guessers, each of whom is new', () => {
  const RATES = [25, 100, 300];

  beforeAll(async () => {
    const dataDir = temporaryDirectory();
    const first = await Server.start({ dataDir });
    await first.stop();
    await addStaff(dataDir, RATES);
    client = (await Server.start({ dataDir })).client();
  }, 120_000);

  it.each(RATES)(
    'at %i addresses a second keeps nobody out who has the password',
    async (rate) => {
      const stop = new AbortController();
      let name = `p${String(rate)}-0`;
      const crowd = guessers(rate, () => name, stop.signal);
      await delay(2000);
      const [waits, outcomes]: [number[], number[]] = [[], []];
      for (let index = 0; index < TRIES; index++) {
        name = `p${String(rate)}-${String(index)}`;
        await delay(200);
        const login =
          index % 2 === 0
            ? await client.call('POST', '/login', { json: { usuario: name, senha: PASSWORD } })
            : await client.get('/total', {
                authorization: `Basic ${Buffer.from(`${name}:${PASSWORD}`).toString('base64')}`,
              });
        outcomes.push(login.status);
        waits.push(login.milliseconds);
      }
      stop.abort();
      const statuses = await crowd;
      console.log(
        `${String(rate)}/s: slowest login ${String(Math.round(Math.max(...waits)))} ms, guesses ${JSON.stringify(statuses)}`,
      );
      expect(outcomes).toEqual(Array(TRIES).fill(200));
      expect(Math.max(...waits)).toBeLessThan(LIMIT_MS);
      expect(Object.keys(statuses).filter((status) => status !== '401' && status !== '429')).toEqual([]);
    },
    120_000,
  );

  it('has five guesses of a user at each address', async () => {
    const headers = { 'x-forwarded-for': '192.0.2.200' };
    const statuses: number[] = [];
    for (let index = 0; index < 8; index++) {
      const json = { usuario: 'p25-0', senha: `palpite ${String(index)}` };
      statuses.push((await client.call('POST', '/login', { headers, json })).status);
    }
    expect(statuses).toEqual([401, 401, 401, 401, 401, 429, 429, 429]);
  });
});
