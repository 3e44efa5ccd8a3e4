import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { type Published, publishedTotal } from '#audit';
import { UsageError } from '#platform/arguments';
import type { Environment } from '#platform/environment';

const LIMIT_MS = 10_000;

/**
 * Asks a service for `/total`, once as everybody sees it and once for the poll. The password is in `PAREDAO_PASSWORD` or the file that `PAREDAO_PASSWORD_FILE` names, else
 * where the first start left it: never on the command line, where every user of the machine could read it.
 * @throws UsageError when it is not there, or refuses
 */
export async function fetchTotal(url: string, pollId: string, environment: Environment): Promise<Published> {
  const target = URL.parse(url);
  if (target === null) throw new UsageError(`--total takes an address like http://127.0.0.1:3000, not "${url}"`);
  if (target.pathname === '/') target.pathname = '/total';
  const authorization = `Basic ${Buffer.from(credentials(environment)).toString('base64')}`;
  const ask = async (address: URL): Promise<Published> => {
    const signal = AbortSignal.timeout(LIMIT_MS);
    const response = await fetch(address, { headers: { authorization }, redirect: 'error', signal });
    if (!response.ok) throw new Error(`${response.status} ${response.statusText}`);
    return publishedTotal(`${address.origin}${address.pathname}`, await response.json());
  };
  const asked = new URL(target);
  asked.searchParams.set('paredao', pollId);
  try {
    const byDefault = await ask(target);
    return { ...(await ask(asked)), byDefault };
  } catch (error) {
    const { message, cause } = error as Error;
    throw new UsageError(`${target.origin}: ${cause instanceof Error ? cause.message : message}`);
  }
}

function credentials({ paredaoUser, paredaoPassword, dataDir }: Environment): string {
  const password = paredaoPassword?.trim() ?? firstPassword(dataDir, paredaoUser);
  if (password === undefined) throw new UsageError(`the password of ${paredaoUser} is expected in PAREDAO_PASSWORD`);
  return `${paredaoUser}:${password}`;
}

function firstPassword(dataDir: string, user: string): string | undefined {
  const path = join(dataDir, 'first-credentials.txt');
  const lines = existsSync(path) ? readFileSync(path, 'utf8').split('\n') : [];
  return lines.map((line) => line.trim().split(/\s+/)).find(([name]) => name === user)?.[1];
}
