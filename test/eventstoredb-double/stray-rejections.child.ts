/**
 * Run as a process of its own: loses its server under appends that fill the connection, so that the client drops errors
 * on the floor, and says how it went. With `--contain` the adapter's containment is on, with `--other` a rejection of
 * somebody else follows.
 */
import { EventStoreDBClient, binaryEvent } from '@eventstore/db-client';
import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';

import { containStrayRejections } from '../../libs/event-log/eventstoredb/stray-rejections.ts';
import { DoubleProcess } from './double-process.ts';
import { runTypeScript } from './fixtures.ts';

let contained = 0;
if (process.argv.includes('--contain')) containStrayRejections(() => contained++);

const double = new DoubleProcess(runTypeScript('test/eventstoredb-double/main.ts'));
await double.start();
const client = EventStoreDBClient.connectionString(double.connectionString);
const append = (): Promise<unknown> =>
  client.appendToStream('a', [
    binaryEvent({ id: randomUUID(), type: 'T', data: new Uint8Array(500_000), metadata: {} }),
  ]);
await append();
double.suspend();
const appends = Promise.allSettled(Array.from({ length: 40 }, append));
await delay(200);
await double.kill();
await Promise.race([appends, delay(1000)]);
if (process.argv.includes('--other')) void Promise.reject(new Error('of somebody else'));
await delay(100);
console.log(JSON.stringify({ contained }));
process.exit(0);
