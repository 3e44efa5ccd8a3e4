import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';

import type { Credentials } from '../lib/api.ts';
import { HttpPool, requestText } from '../lib/http-pool.ts';

export interface GuessResult {
  readonly addresses: number;
  /** Answers to the guesses, by status; 0: none within 20 s. */
  readonly statuses: Readonly<Record<string, number>>;
  /** Logins of the staff meanwhile, at addresses of their own: good ones, refused ones, and the slowest, ms. */
  readonly logins: { readonly good: number; readonly refused: number; readonly slowest: number };
}

/** Guesses on the way at a time, or one for each address, where there are more. */
const AT_ONCE = 8;
const CONNECTIONS = 64;
const LOGIN_EVERY_MS = 2000;
const REFUSED_PAUSE_MS = 20;

/**
 * Guesses passwords from these addresses in turn: of a user that exists, of invented ones, by form and by Basic authentication.
 * Meanwhile the staff log in one after the other: the first time of each is one that the service does not remember.
 */
export async function guess(
  url: URL,
  addresses: readonly string[],
  staff: readonly Credentials[],
  seconds: number,
): Promise<GuessResult> {
  const statuses: Record<string, number> = {};
  // of its own: the connections of the step before were idle for longer than the service keeps them
  const pool = new HttpPool(url, CONNECTIONS);
  const end = performance.now() + seconds * 1000;
  const atOnce = Math.max(AT_ONCE, addresses.length);
  const guesser = async (_: unknown, number: number): Promise<void> => {
    for (let round = number; performance.now() < end; round += atOnce) {
      // who failed often waits longest, and may give up before the answer
      const status = await pool.send(guessRequest(round, addresses[round % addresses.length]!)).then(
        (answer) => answer.status,
        () => 0,
      );
      statuses[status] = (statuses[status] ?? 0) + 1;
      if (status === 429) await delay(REFUSED_PAUSE_MS);
    }
  };
  const [logins] = await Promise.all([staffLogin(pool, staff, end), ...Array.from({ length: atOnce }, guesser)]);
  pool.close();
  return { addresses: addresses.length, statuses, logins };
}

function guessRequest(round: number, address: string): string {
  const guesser = { 'x-forwarded-for': address };
  const user = round % 2 === 0 ? 'admin' : randomBytes(4).toString('hex');
  const password = randomBytes(6).toString('hex');
  if (round % 3 !== 0)
    return requestText('POST', '/login', {
      headers: guesser,
      json: JSON.stringify({ usuario: user, senha: password }),
    });
  const basic = Buffer.from(`${user}:${password}`).toString('base64');
  return requestText('GET', '/total', { headers: { ...guesser, authorization: `Basic ${basic}` } });
}

async function staffLogin(pool: HttpPool, staff: readonly Credentials[], end: number): Promise<GuessResult['logins']> {
  const logins = { good: 0, refused: 0, slowest: 0 };
  for (let turn = 0; performance.now() < end; turn++) {
    const { user, password } = staff[turn % staff.length]!;
    const headers = { 'x-forwarded-for': `198.51.100.${String(9 + (turn % staff.length))}` };
    const json = JSON.stringify({ usuario: user, senha: password });
    const started = performance.now();
    const { status } = await pool.send(requestText('POST', '/login', { headers, json }));
    if (status === 200) logins.good++;
    else logins.refused++;
    logins.slowest = Math.max(logins.slowest, Math.round(performance.now() - started));
    await delay(LOGIN_EVERY_MS);
  }
  return logins;
}
