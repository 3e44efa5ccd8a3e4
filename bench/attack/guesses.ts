import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';

import type { Credentials } from '../lib/api.ts';
import { type HttpPool, requestText } from '../lib/http-pool.ts';

export interface GuessResult {
  /** Answers to the guesses, by status. */
  readonly statuses: Readonly<Record<string, number>>;
  /** Logins of production meanwhile, at another address: good ones, refused ones, and the slowest, ms. */
  readonly logins: { readonly good: number; readonly refused: number; readonly slowest: number };
}

const AT_ONCE = 8;
const LOGIN_EVERY_MS = 2000;
const REFUSED_PAUSE_MS = 20;
const GUESSER = { 'x-forwarded-for': '203.0.113.66' };

/** Guesses passwords from one address: of a user that exists, of invented ones, by form and by Basic authentication. */
export async function guess(pool: HttpPool, credentials: Credentials, seconds: number): Promise<GuessResult> {
  const statuses: Record<string, number> = {};
  const end = performance.now() + seconds * 1000;
  const guesser = async (_: unknown, number: number): Promise<void> => {
    for (let round = number; performance.now() < end; round++) {
      const { status } = await pool.send(guessRequest(round));
      statuses[status] = (statuses[status] ?? 0) + 1;
      if (status === 429) await delay(REFUSED_PAUSE_MS);
    }
  };
  const [logins] = await Promise.all([production(pool, credentials, end), ...Array.from({ length: AT_ONCE }, guesser)]);
  return { statuses, logins };
}

function guessRequest(round: number): string {
  const user = round % 2 === 0 ? 'admin' : randomBytes(4).toString('hex');
  const password = randomBytes(6).toString('hex');
  if (round % 3 !== 0)
    return requestText('POST', '/login', {
      headers: GUESSER,
      json: JSON.stringify({ usuario: user, senha: password }),
    });
  const basic = Buffer.from(`${user}:${password}`).toString('base64');
  return requestText('GET', '/total', { headers: { ...GUESSER, authorization: `Basic ${basic}` } });
}

async function production(
  pool: HttpPool,
  { user, password }: Credentials,
  end: number,
): Promise<GuessResult['logins']> {
  const json = JSON.stringify({ usuario: user, senha: password });
  const logins = { good: 0, refused: 0, slowest: 0 };
  while (performance.now() < end) {
    const started = performance.now();
    const { status } = await pool.send(
      requestText('POST', '/login', { headers: { 'x-forwarded-for': '198.51.100.9' }, json }),
    );
    if (status === 200) logins.good++;
    else logins.refused++;
    logins.slowest = Math.max(logins.slowest, Math.round(performance.now() - started));
    await delay(LOGIN_EVERY_MS);
  }
  return logins;
}
