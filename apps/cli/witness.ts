import { UsageError } from '#platform/arguments';
import { WitnessStore } from '#witness';

import { runCommand } from './lib/command.ts';
import { checkpointAt, listCheckpoints, listLogs } from './witness/listing.ts';
import { serve } from './witness/serve.ts';

const PROGRAM = {
  usage: `npm run witness -- --key VKEY|FILE [options]    cosigns checkpoints until it is stopped
npm run witness -- list [ORIGIN]                what it has of each log, or of one of them
npm run witness -- show ORIGIN[@SIZE]           a checkpoint that it cosigned, as an anchor for an audit`,
  about: `A witness of ballot boxes, for another machine and other people than those of the vote (docs/witness.md).
It cosigns a checkpoint only if that goes on from the last one that it saw.`,
  options: {
    key: {
      type: 'string',
      value: 'VKEY|FILE',
      help: 'verifier key of the deployment; or a file with some, one a line',
    },
    listen: {
      type: 'string',
      value: '[ADDRESS:]PORT',
      default: '127.0.0.1:3900',
      help: 'plain HTTP: put TLS in front',
    },
    prefix: {
      type: 'string',
      value: 'ORIGIN',
      help: 'takes only logs whose origin begins so, like tv.example/urna/12/',
    },
    dir: { type: 'string', value: 'PATH', default: 'witness', help: 'its key, its secret path and what it has seen' },
    name: { type: 'string', value: 'NAME', help: 'of its key, at the first start (default HOSTNAME/testemunha)' },
    refused: { type: 'boolean', default: false, help: 'with show: what was not cosigned, to prove a fork' },
  },
  operands: { least: 0, most: 2 },
} as const;

await runCommand(PROGRAM, async ({ values, positionals: [action, place] }) => {
  if (action === undefined) await serve(values);
  else if (action === 'list')
    read(values.dir, (store) => (place === undefined ? listLogs(store) : listCheckpoints(store, place)));
  else if (action !== 'show') throw new UsageError(`there is no "${action}"`);
  else if (place === undefined) throw new UsageError('show needs the origin of a log');
  else read(values.dir, (store) => checkpointAt(store, place, values.refused).trimEnd());
  return 0;
});

function read(directory: string, text: (store: WitnessStore) => string): void {
  const store = WitnessStore.openExisting(directory);
  if (store === undefined) throw new UsageError(`there is no witness in ${directory}`);
  try {
    console.log(text(store));
  } finally {
    store.close();
  }
}
