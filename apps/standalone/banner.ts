import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { networkInterfaces } from 'node:os';
import { resolve } from 'node:path';

import type { Environment } from '#platform';

const EVERYWHERE = new Set(['0.0.0.0', '::']);

/**
 * What is printed when the service is on air: every address that somebody may want now.
 * @param metricsPort where `/metrics` is, as it came out
 * @param started when, on the clock of `performance.now()`, ms
 */
export async function bannerOf(
  app: NestFastifyApplication,
  { host, logFile }: Environment,
  metricsPort: number | undefined,
  started: number,
): Promise<string> {
  const own = new URL(await app.getUrl());
  if (EVERYWHERE.has(host)) own.hostname = '127.0.0.1';
  const url = own.origin;
  const phones = EVERYWHERE.has(host) ? lanAddresses().map((address) => `http://${address}:${own.port}/`) : [];
  return `
Paredão is on air (${((performance.now() - started) / 1000).toFixed(1)} s)

  vote          ${url}/${phones.map((address) => `\n  on phones     ${address}`).join('')}
  live result   ${url}/resultado.html
  production    ${url}/painel.html      (user producao)
  stage         ${url}/palco.html       (user producao)
  operations    ${url}/sre.html         (user sre)
  audit         ${url}/auditoria.html   (user auditor)
  admin         ${url}/admin.html       (user admin)
  total         ${url}/total            (Bearer or Basic)
  API           ${url}/swagger
  health        ${url}/health/ready
  metrics       http://127.0.0.1:${String(metricsPort)}/metrics
  log           ${logFile === undefined ? 'standard output' : resolve(logFile)}
`;
}

/** Where other devices of the network find this one. */
function lanAddresses(): string[] {
  return Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .filter(({ family, internal }) => family === 'IPv4' && !internal)
    .map(({ address }) => address);
}
