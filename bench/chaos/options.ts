import { parseArgs } from 'node:util';

import { numberOption } from '../lib/options.ts';

export const USAGE = `npm run chaos -- [options]
Starts a service of its own on a scratch data directory, votes in it, and makes it fail on purpose: the log store stops, an
event cannot be read, the store is slow. Ends with exit code 0 when each failure was seen and the service recovered.
  --port 3900          of that service
  --rate 50            votes a second
  --seconds 15         how long each failure lasts
  --pause 5            seconds before each failure, to look at what is normal
On a service that runs already, without the event that cannot be read:
  --url URL --data-dir PATH   a standalone service and its data directory; the votes are real, so vote in a poll for trials
  --password PASSWORD         of its user producao (or PAREDAO_PASSWORD; else first-credentials.txt)`;

/** What was asked for. */
export interface ChaosOptions {
  readonly port: number;
  readonly rate: number;
  readonly seconds: number;
  readonly pause: number;
  /** A service that runs already. */
  readonly running: { readonly url: URL; readonly dataDir: string } | undefined;
  readonly password: string | undefined;
}

/** @throws when an option is unknown or makes no sense */
export function readChaosOptions(): ChaosOptions {
  const { values } = parseArgs({
    options: {
      port: { type: 'string', default: '3900' },
      rate: { type: 'string', default: '50' },
      seconds: { type: 'string', default: '15' },
      pause: { type: 'string', default: '5' },
      url: { type: 'string' },
      'data-dir': { type: 'string' },
      password: { type: 'string', default: process.env['PAREDAO_PASSWORD'] ?? '' },
    },
  });
  const { url, 'data-dir': dataDir } = values;
  return {
    port: numberOption('port', values.port, 1),
    rate: numberOption('rate', values.rate, 1),
    seconds: numberOption('seconds', values.seconds, 1),
    pause: numberOption('pause', values.pause, 0),
    running: running(url, dataDir),
    password: values.password || undefined,
  };
}

/** Two options that mean nothing without each other. */
function running(url: string | undefined, dataDir: string | undefined): ChaosOptions['running'] {
  if (url === undefined && dataDir === undefined) return undefined;
  if (url === undefined || dataDir === undefined) throw new Error('--url and --data-dir belong together');
  return { url: new URL(url), dataDir };
}
