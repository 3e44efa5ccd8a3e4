/**
 * The double as a process of its own:
 * `node dist/test/eventstoredb-double/main.js [--port 2113] [--control 2114] [--http 2115] [--data file] [--account user:password]
 * [--line 26.0] [--not-ready]`.
 * When it serves, it writes one line of JSON to standard output: `{"port":…,"control":…,"http":…,"connectionString":…}`.
 */
import type { AddressInfo } from 'node:net';
import { parseArgs } from 'node:util';

import { listenForControl } from './control.ts';
import { EventStoreDbDouble } from './double.ts';
import { listenForHttp } from './http.ts';

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '0' },
    control: { type: 'string', default: '0' },
    http: { type: 'string', default: '0' },
    data: { type: 'string' },
    account: { type: 'string' },
    line: { type: 'string', default: '26.0' },
    'not-ready': { type: 'boolean', default: false },
  },
});

/** EventStoreDB up to 24.10, before it was called KurrentDB. */
const isOlder = Number(values.line) < 25;
refuseAsTheServerDoes(process.env);

const double = await EventStoreDbDouble.start({
  port: Number(values.port),
  ...(values.data !== undefined && { file: values.data }),
  ...(values.account !== undefined && { account: values.account }),
});
double.faults.notReady = values['not-ready'];
const stop = (): void => {
  process.exit(0);
};
const control = await listenForControl(double, Number(values.control), stop);
const http = await listenForHttp(double, Number(values.http), isOlder ? 'eventstore' : 'kurrentdb');
process.once('SIGTERM', stop).once('SIGINT', stop);
const [controlPort, httpPort] = [control, http].map((server) => (server.address() as AddressInfo).port);
const { port, connectionString } = double;
console.log(JSON.stringify({ port, control: controlPort, http: httpPort, connectionString }));

/**
 * A server without logins has no users, and does not start with passwords for them (EventStoreDB 23.10 to KurrentDB 26); the lines
 * up to 24.10 do not start with an option that they do not know.
 * @throws never: it ends the process with 1, as the server does
 */
function refuseAsTheServerDoes(environment: NodeJS.ProcessEnv): void {
  const isGiven = (pattern: RegExp): boolean =>
    Object.entries(environment).some(([name, value]) => pattern.test(name) && value !== 'changeit');
  const complaints = [
    isGiven(/^(KURRENTDB|EVENTSTORE)_DEFAULT_(ADMIN|OPS)_PASSWORD$/) &&
      'Cannot set default admin password when not using the internal authentication.',
    isOlder &&
      isGiven(/^(KURRENTDB|EVENTSTORE)_SECONDARY_INDEXING__ENABLED$/) &&
      'The option SecondaryIndexing:Enabled is not a known option.',
  ].filter((text) => text !== false);
  if (complaints.length === 0) return;
  for (const text of complaints) console.error(text);
  process.exit(1);
}
