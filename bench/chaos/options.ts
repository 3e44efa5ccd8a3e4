import { type Arguments, UsageError, readArguments } from '#platform/arguments';

import { numberOption, urlOption } from '../lib/options.ts';

const PROGRAM = {
  usage: 'npm run chaos -- [options]',
  about: `Starts a service of its own on a scratch data directory, votes in it, and makes it fail on purpose: the log store stops, an
event cannot be read, the store is slow. Ends with exit code 0 when each failure was seen and the service recovered.
With --url and --data-dir it does the first and the last on a service that runs already. The votes are real: open a poll for trials.`,
  options: {
    port: { type: 'string', value: 'N', default: '3900', help: 'of the service of its own' },
    rate: { type: 'string', value: 'N', default: '50', help: 'votes a second' },
    seconds: { type: 'string', value: 'N', default: '15', help: 'how long each failure lasts' },
    pause: { type: 'string', value: 'N', default: '5', help: 'seconds before each failure, to look at what is normal' },
    url: { type: 'string', value: 'URL', help: 'a standalone service that runs already' },
    'data-dir': { type: 'string', value: 'PATH', help: 'its data directory' },
    password: {
      type: 'string',
      value: 'TEXT',
      help: 'of its user producao (or PAREDAO_PASSWORD; else first-credentials.txt)',
    },
  },
} as const;

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

/** What this process was asked for; it ends here when that makes no sense. */
export const readChaosOptions = (): ChaosOptions => readArguments(PROGRAM, interpret);

function interpret({ values }: Arguments<typeof PROGRAM.options>): ChaosOptions {
  const { url, 'data-dir': dataDir } = values;
  return {
    port: numberOption('port', values.port, 1),
    rate: numberOption('rate', values.rate, 1),
    seconds: numberOption('seconds', values.seconds, 1),
    pause: numberOption('pause', values.pause, 0),
    running: running(url, dataDir),
    password: values.password ?? process.env['PAREDAO_PASSWORD'],
  };
}

/** Two options that mean nothing without each other. */
function running(url: string | undefined, dataDir: string | undefined): ChaosOptions['running'] {
  if (url === undefined && dataDir === undefined) return undefined;
  if (url === undefined || dataDir === undefined) throw new UsageError('--url and --data-dir belong together');
  return { url: urlOption('url', url), dataDir };
}
