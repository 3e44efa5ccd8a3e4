import { once } from 'node:events';
import { isIPv6 } from 'node:net';

import { isoTime } from '#domain';
import { UsageError } from '#platform/arguments';
import type { Verifier } from '#transparency';
import { type Tell, Witness, WitnessStore, witnessServer } from '#witness';

import { verifiersIn } from '../lib/verifiers.ts';
import { witnessKey } from './key.ts';
import { witnessPath } from './path.ts';

/** What the program is called with. */
export interface Asked {
  readonly dir: string;
  readonly listen: string;
  readonly key?: string | undefined;
  readonly name?: string | undefined;
  readonly prefix?: string | undefined;
}

/**
 * Serves as a witness until a signal comes.
 * @throws UsageError
 */
export async function serve({ dir, listen, key, name, prefix = '' }: Asked): Promise<void> {
  const deployments = deploymentsIn(key);
  const address = addressIn(listen);
  // whoever read that it listens may stop it at once
  const stopped = Promise.race(['SIGINT', 'SIGTERM'].map((signal) => once(process, signal)));
  const store = WitnessStore.open(dir);
  try {
    const { signer, vkey } = witnessKey(dir, name);
    const witness = new Witness({ store, key: signer, deployments, prefix, tell });
    const path = witnessPath(dir);
    const server = witnessServer(witness, { vkey, path }, tell);
    try {
      tell('info', 'listening; its path is for the operator of the vote only', {
        address: `${await server.listen(address)}${path}`,
      });
      tell('info', 'verifier key of this witness', { vkey });
      await stopped;
    } finally {
      await server.close();
    }
  } finally {
    store.close();
  }
}

/** The keys of deployments, which sign notes; those of witnesses sign nothing that introduces a log. */
function deploymentsIn(given: string | undefined): Verifier[] {
  if (given === undefined)
    throw new UsageError('--key is needed: the verifier key of the deployment, or a file with it');
  const keys = verifiersIn(given);
  const other = keys.find(({ type }) => type !== 'note');
  if (other === undefined) return keys;
  throw new UsageError(`the key of ${other.name} is that of a witness, and of no deployment, like tv.example/urna+…`);
}

function addressIn(listen: string): { host: string; port: number } {
  const [, host = '127.0.0.1', port] = /^(?:(.+):)?(\d{1,5})$/.exec(listen) ?? [];
  if (port === undefined || Number(port) > 65_535)
    throw new UsageError(`--listen takes a port, or an address and a port like 127.0.0.1:3900, not "${listen}"`);
  const bare = host.replace(/^\[(.*)\]$/, '$1');
  return { host: isIPv6(bare) ? bare : host, port: Number(port) };
}

/** A line for each: time, what, about what. */
const tell: Tell = (level, message, about) => {
  const fields = Object.entries(about).map(([name, value]) => `${name}=${value}`);
  const line = [isoTime(Date.now()), level, message, ...fields].join('  ');
  if (level === 'info') console.log(line);
  else console.error(line);
};
