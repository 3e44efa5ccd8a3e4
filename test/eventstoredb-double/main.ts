/**
 * The double as a process of its own:
 * `node dist/test/eventstoredb-double/main.js [--port 2113] [--control 2114] [--data file] [--not-ready]`.
 * When it serves, it writes one line of JSON to standard output: `{"port":…,"control":…,"connectionString":…}`.
 */
import type { AddressInfo } from 'node:net';
import { parseArgs } from 'node:util';

import { listenForControl } from './control.ts';
import { EventStoreDbDouble } from './double.ts';

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '0' },
    control: { type: 'string', default: '0' },
    data: { type: 'string' },
    'not-ready': { type: 'boolean', default: false },
  },
});

const double = await EventStoreDbDouble.start({
  port: Number(values.port),
  ...(values.data !== undefined && { file: values.data }),
});
double.faults.notReady = values['not-ready'];
const stop = (): void => {
  process.exit(0);
};
const control = await listenForControl(double, Number(values.control), stop);
process.once('SIGTERM', stop).once('SIGINT', stop);
const { port } = control.address() as AddressInfo;
console.log(JSON.stringify({ port: double.port, control: port, connectionString: double.connectionString }));
