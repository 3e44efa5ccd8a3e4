/**
 * Makes the accounts of an EventStoreDB with logins, and gives each what it needs; a second run changes nothing.
 *
 *   node deploy/compose/eventstoredb-users.mjs https://HOST:2113 esdb://HOST:2113?tls=true&… FOLDER
 *
 * FOLDER has the files admin-password, app-password and monitor-password. `paredao` is for the services: it reads and appends, and cannot
 * delete a stream or limit its length. `medidor` is for Prometheus: it reads metrics, and no event.
 */
import { EventStoreDBClient, jsonEvent } from '@eventstore/db-client';
import { Buffer } from 'node:buffer';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';

import { BackOff } from '#async';

/** A cluster that has just started may elect its leader still. */
const LIMIT_MS = 120_000;
const REQUEST_LIMIT_MS = 10_000;
const PAUSES = { firstPauseMs: 500, longestPauseMs: 5000 };

const ADMINS = ['$admins'];
const SERVICES = ['$admins', 'paredao'];
/** Of streams that say nothing else. Metadata is where a stream's length may be limited. */
const DEFAULTS = {
  $userStreamAcl: { $r: SERVICES, $w: SERVICES, $d: ADMINS, $mr: ADMINS, $mw: ADMINS },
  $systemStreamAcl: { $r: ADMINS, $w: ADMINS, $d: ADMINS, $mr: ADMINS, $mw: ADMINS },
};
/** Subscriptions read all streams at once: that is a right of its own. */
const ALL = { $acl: { $r: SERVICES } };

const [http, url, folder] = process.argv.slice(2);
if (folder === undefined) {
  console.error('usage: eventstoredb-users.mjs https://HOST:2113 esdb://HOST:2113?… FOLDER');
  process.exit(2);
}
const passwordOf = (user) => readFileSync(join(folder, `${user}-password`), 'utf8').trim();
const admin = passwordOf('admin');

async function makeUser(loginName, groups, password) {
  const response = await fetch(new URL('/users', http), {
    method: 'POST',
    headers: {
      authorization: `Basic ${Buffer.from(`admin:${admin}`).toString('base64')}`,
      'content-type': 'application/json',
    },
    body: JSON.stringify({ loginName, fullName: loginName, groups, password }),
    signal: AbortSignal.timeout(REQUEST_LIMIT_MS),
  });
  // a conflict: the user is there already
  if (!response.ok && response.status !== 409) throw new Error(`user ${loginName}: HTTP ${response.status}`);
}

/** Appends to a stream of the server unless that is its last event. */
async function settle(client, stream, type, data) {
  let last;
  try {
    const events = client.readStream(stream, { direction: 'backwards', fromRevision: 'end', maxCount: 1 });
    for await (const { event } of events) last = event?.data;
  } catch (error) {
    if (error.type !== 'stream-not-found') throw error;
  }
  if (isDeepStrictEqual(last, data)) return;
  await client.appendToStream(stream, jsonEvent({ type, data }), { deadline: REQUEST_LIMIT_MS });
}

async function makeAll() {
  await makeUser('paredao', [], passwordOf('app'));
  await makeUser('medidor', ['$ops'], passwordOf('monitor'));
  const client = EventStoreDBClient.connectionString(url.replace('://', `://admin:${encodeURIComponent(admin)}@`));
  try {
    await settle(client, '$settings', '$settings', DEFAULTS);
    await settle(client, '$$$all', '$metadata', ALL);
  } finally {
    // it may wait for ever, and the process ends soon
    void client.dispose();
  }
}

const limit = performance.now() + LIMIT_MS;
for (const backOff = new BackOff(PAUSES); ; await delay(backOff.next())) {
  try {
    await makeAll();
    console.log('EventStoreDB knows the accounts paredao and medidor.');
    process.exit(0);
  } catch (error) {
    console.error(`the accounts of EventStoreDB are not made: ${error.message}`);
    if (performance.now() > limit) process.exit(1);
  }
}
