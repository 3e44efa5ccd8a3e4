import { parseArgs } from 'node:util';

import { numberOption } from '../lib/options.ts';

export const USAGE = `npm run load -- [options]
  --rate 1000          votes a second
  --duration 60        seconds
  --url URL            a running server; without it one is started on free ports and stopped at the end
  --data-dir PATH      data directory of the server (with --url: "data" if not given; without: a temporary one)
  --eventstore-url URL  with --url: the log of that server, instead of the one in its data directory
  --user, --password   who may read /total (or PAREDAO_USER, PAREDAO_PASSWORD; else first-credentials.txt)
  --connections 1000   keep-alive connections of the voters, at most
  --addresses N        synthetic client addresses (X-Forwarded-For); by default each votes every twenty seconds
  --expect a,b         codes that may occur without failing the run: queue-full, too-many-requests, connection-lost, …
  --report FILE        also write the report as JSON
The server must believe X-Forwarded-For from this host (TRUSTED_PROXIES=127.0.0.1); its limits stay on.`;

/** Of one address: faster ones would be taken for machines, and their challenges grow dear. */
const SECONDS_BETWEEN_VOTES = 20;

/** What a run was asked to do. */
export interface LoadOptions {
  readonly rate: number;
  /** s */
  readonly duration: number;
  readonly url: URL | undefined;
  readonly dataDir: string | undefined;
  readonly eventstoreUrl: string | undefined;
  readonly user: string | undefined;
  readonly password: string | undefined;
  readonly connections: number;
  readonly addresses: number;
  readonly expected: ReadonlySet<string>;
  readonly report: string | undefined;
}

/** @throws when an option is unknown or makes no sense */
export function readLoadOptions(): LoadOptions {
  const { values } = parseArgs({
    options: {
      rate: { type: 'string', default: '1000' },
      duration: { type: 'string', default: '60' },
      url: { type: 'string' },
      'data-dir': { type: 'string' },
      'eventstore-url': { type: 'string' },
      user: { type: 'string', default: process.env['PAREDAO_USER'] ?? '' },
      password: { type: 'string', default: process.env['PAREDAO_PASSWORD'] ?? '' },
      connections: { type: 'string', default: '1000' },
      addresses: { type: 'string' },
      expect: { type: 'string', default: '' },
      report: { type: 'string' },
    },
  });
  const rate = numberOption('rate', values.rate, 0.1);
  return {
    rate,
    duration: numberOption('duration', values.duration, 1),
    url: values.url === undefined ? undefined : new URL(values.url),
    dataDir: values['data-dir'],
    eventstoreUrl: values['eventstore-url'],
    user: values.user || undefined,
    password: values.password || undefined,
    connections: numberOption('connections', values.connections, 1),
    addresses: numberOption('addresses', values.addresses ?? String(Math.ceil(rate * SECONDS_BETWEEN_VOTES)), 1),
    expected: new Set(values.expect.split(',').filter((code) => code !== '')),
    report: values.report,
  };
}
