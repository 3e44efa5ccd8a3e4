import { ServerCredentials } from '@grpc/grpc-js';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { EventStoreDbDouble } from './double.ts';

/** A double with TLS and logins: without TLS the client sends none. Needs openssl. */
export interface SecureDouble {
  readonly double: EventStoreDbDouble;
  /** @param account `login:password`; without it no login is sent */
  urlFor(account?: string, protocol?: string): string;
}

/**
 * @param folder for its key and its certificate
 * @param superuser `login:password`
 */
export async function startSecureDouble(folder: string, superuser: string): Promise<SecureDouble> {
  const [key, certificate] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
  const names = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=IP:127.0.0.1'];
  const files = ['-keyout', key, '-out', certificate];
  spawnSync('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '1', ...names, ...files]);
  const pair = { private_key: readFileSync(key), cert_chain: readFileSync(certificate) };
  const double = await EventStoreDbDouble.start({
    credentials: ServerCredentials.createSsl(null, [pair]),
    account: superuser,
  });
  const urlFor = (account?: string, protocol = 'esdb'): string => {
    const login = account === undefined ? '' : `${account.split(':').map(encodeURIComponent).join(':')}@`;
    return `${protocol}://${login}127.0.0.1:${String(double.port)}?tls=true&tlsCAFile=${encodeURIComponent(certificate)}`;
  };
  return { double, urlFor };
}
