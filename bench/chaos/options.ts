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
  --password PASSWORD         of its user producao (or PAREDAO_PASSWORD; else first-credentials.txt)
On EventStoreDB, this alone, and for ever (a log forgets nothing):
  --bad-event POLL --eventstore-url URL   appends an event that cannot be read to the ballot box of a poll`;

/** What was asked for. */
export interface ChaosOptions {
  readonly port: number;
  readonly rate: number;
  readonly seconds: number;
  readonly pause: number;
  /** A service that runs already. */
  readonly running: { readonly url: URL; readonly dataDir: string } | undefined;
  readonly password: string | undefined;
  readonly badEvent: { readonly pollId: string; readonly eventstoreUrl: string } | undefined;
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
      'bad-event': { type: 'string' },
      'eventstore-url': { type: 'string' },
    },
  });
  const { url, 'data-dir': dataDir, 'bad-event': pollId, 'eventstore-url': eventstoreUrl } = values;
  return {
    port: numberOption('port', values.port, 1),
    rate: numberOption('rate', values.rate, 1),
    seconds: numberOption('seconds', values.seconds, 1),
    pause: numberOption('pause', values.pause, 0),
    running: both('--url', url, '--data-dir', dataDir, (first, second) => ({ url: new URL(first), dataDir: second })),
    password: values.password || undefined,
    badEvent: both('--bad-event', pollId, '--eventstore-url', eventstoreUrl, (first, second) => ({
      pollId: first,
      eventstoreUrl: second,
    })),
  };
}

/** Two options that mean nothing without each other. */
function both<T>(
  firstName: string,
  first: string | undefined,
  secondName: string,
  second: string | undefined,
  make: (first: string, second: string) => T,
): T | undefined {
  if (first === undefined && second === undefined) return undefined;
  if (first === undefined || second === undefined) throw new Error(`${firstName} and ${secondName} belong together`);
  return make(first, second);
}
