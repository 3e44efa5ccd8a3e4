/**
 * The double as a process of its own:
 * `node dist/test/eventstoredb-double/main.js [--port 2113] [--control 2114] [--data file] [--not-ready]`.
 * When it serves, it writes one line of JSON to standard output: `{"port":…,"control":…,"connectionString":…}`.
 */
import type { AddressInfo } from 'node:net';
import { parseArgs } from 'node:util';

import { listenForControl } from './control.ts';
import { EventStoreDbDouble } from './double.ts';

refuseAsTheServerDoes(process.env);
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

/**
 * A server without logins has no users, and does not start with passwords for them (EventStoreDB 23.10 to KurrentDB 26).
 * @throws never: it ends the process with 1, as the server does
 */
function refuseAsTheServerDoes(environment: NodeJS.ProcessEnv): void {
  const given = Object.entries(environment).find(
    ([name, value]) => /^(KURRENTDB|EVENTSTORE)_DEFAULT_(ADMIN|OPS)_PASSWORD$/.test(name) && value !== 'changeit',
  );
  if (!given) return;
  console.error('Cannot set default admin password when not using the internal authentication.');
  process.exit(1);
}
