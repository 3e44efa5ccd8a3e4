import { afterEach, describe, expect, it } from '@jest/globals';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

import type { RecordedEvent } from '#domain';
import { openEventLog } from '#platform/stores';

import { solvedPayload } from '../../bench/lib/solver.ts';
import { seeded } from '../../libs/platform/testing/seeded.ts';
import { Nginx, describeWithNginx } from '../nginx/nginx.ts';
import type { Client } from '../support/client.ts';
import { Server, credentialsOf } from '../support/server.ts';
import { type Guess, type Holdings, type StoredVote, attack, sightingsIn, successOf } from './attacks.ts';

const LIFETIME_MS = 300_000;
const ADDRESSES = /10\.66\.\d+\.\d+/;
/** What the service had before: whole seconds and masked votes, and who it was. */
const FORMER = {
  http: `log_format former '$msec $remote_addr $logged_method $logged_path $status';`,
  accessLog: 'access_log run/access.log json; access_log run/former.log former;',
};
/** Of the first participant. */
const SHARE = 0.65;
/** An address votes for its favourite so often. */
const LOYALTY = 0.9;
/** Each vote in so many is the busy household's. */
const BUSY = 8;
const LIMIT_MS = 240_000;

interface Run {
  readonly truth: ReadonlyMap<string, readonly number[]>;
  readonly votesPerSecond: number;
}

let server: Server;
let nginx: Nginx;
let client: Client;
/** The ballot that all of them see, where the service names one. */
let cedula: string | undefined;

async function start(http: string, accessLog: string): Promise<void> {
  server = await Server.start({ env: { LOG_LEVEL: 'trace', HUMAN_CHECK_DIFFICULTY: '1' } });
  const apis = { commandApis: [server.port], queryApis: [server.port] };
  nginx = await Nginx.start({ ...apis, balancers: ['127.0.0.1'], http, accessLog });
  client = nginx.client(credentialsOf(server.dataDir));
  ({ cedula } = (await client.get('/paredao')).json);
}

afterEach(async () => {
  client.close();
  await nginx.stop();
  await server.kill();
});

/** Households vote at a rate together; when it is quiet, the first votes so often that it pays more. */
async function evening(rate: number, count: number): Promise<Run> {
  const random = seeded(rate);
  const households = Math.max(60, Math.round(count / 4));
  const favourites = Array.from({ length: households }, () => (random() < SHARE ? 1 : 2));
  const truth = new Map<string, number[]>();
  const started = performance.now();
  const votes: Promise<void>[] = [];
  for (let number = 0; number < count; number++) {
    const household = number % BUSY === 0 && rate < 20 ? 0 : Math.floor(random() * households);
    const favourite = favourites[household]!;
    const participant = random() < LOYALTY ? favourite : 3 - favourite;
    votes.push(vote(`10.66.${household >> 8}.${household & 255}`, participant, truth));
    await delay(Math.max(0, started + ((number + 1) * 1000) / rate - performance.now()));
  }
  await Promise.all(votes);
  return { truth, votesPerSecond: (count * 1000) / (performance.now() - started) };
}

async function vote(address: string, participant: number, truth: Map<string, number[]>): Promise<void> {
  const headers = { 'x-forwarded-for': address };
  const challenge = await client.get('/desafio', headers);
  if (challenge.status !== 200) return;
  const altcha = solvedPayload(challenge.json);
  const { status } = await client.call('POST', `/votar/${participant}`, { headers, json: { altcha, cedula } });
  if (status === 201) truth.set(address, [...(truth.get(address) ?? []), participant]);
}

/** Every byte of every log and record, and the event log with its recorded times. */
async function holdings(): Promise<Holdings> {
  await nginx.stop();
  await server.stop();
  const folder = join(server.dataDir, 'address-record');
  const records = readdirSync(folder).map((name) => readFileSync(join(folder, name), 'utf8'));
  const texts = [nginx.written(), readFileSync(server.logFile, 'utf8'), server.output, ...records];
  const log = await openEventLog({ stores: 'embedded', dataDir: server.dataDir }, 'read');
  const votes: StoredVote[] = [];
  for await (const page of log.read('votes-1', 0n))
    for (const event of page) if (event.type === 'VoteCast') votes.push(storedVote(event));
  await log.close();
  return { sightings: texts.flatMap((text) => sightingsIn(text, ADDRESSES)), votes, lifetimeMs: LIFETIME_MS };
}

function storedVote({ data, recordedAt }: RecordedEvent): StoredVote {
  const { participantId, castAt, expiresAt, humanCheck } = JSON.parse(Buffer.from(data).toString());
  const { evidence: _evidence, ...price } = humanCheck;
  const times = { castAt: Date.parse(castAt), expiresAt: Date.parse(expiresAt) };
  return { participantId, recordedAt, ...times, price: JSON.stringify(price) };
}

/** What each attack gets right of the votes, in points beyond guessing by shares. */
function gains(attacks: Record<string, Guess>, { truth }: Run): Record<string, number> {
  const all = [...truth.values()].flat();
  const forFirst = all.filter((participant) => participant === 1).length / all.length;
  const winner = forFirst >= 0.5 ? 1 : 2;
  const byShares = Math.max(forFirst, 1 - forFirst);
  return Object.fromEntries(
    Object.entries(attacks).map(([name, guess]) => [name, 100 * (successOf(guess, truth, winner) - byShares)]),
  );
}

describeWithNginx('who has all logs, the record and the event log', () => {
  it(
    'tied votes to addresses by the former access log',
    async () => {
      await start(FORMER.http, FORMER.accessLog);
      const run = await evening(8, 240);
      const found = gains(attack(await holdings()), run);
      console.log(`former log, ${run.votesPerSecond.toFixed(0)} votes/s`, found);
      expect(Math.max(...Object.values(found))).toBeGreaterThan(10);
    },
    LIMIT_MS,
  );

  describe.each([
    [8, 240],
    [400, 2400],
  ])('at %i votes a second', (rate, count) => {
    it(
      'gains nothing over guessing by shares',
      async () => {
        await start('', 'access_log run/access.log json;');
        const run = await evening(rate, count);
        const all = await holdings();
        expect(all.votes.length).toBeGreaterThanOrEqual(count * 0.9);
        const found = gains(attack(all), run);
        console.log(`${run.votesPerSecond.toFixed(0)} votes/s`, found);
        expect(Math.max(...Object.values(found))).toBeLessThanOrEqual(2);
      },
      LIMIT_MS,
    );
  });
});
