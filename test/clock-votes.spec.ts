import { expect, it } from '@jest/globals';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import type { Client } from './support/client.ts';
import { command } from './support/command.ts';
import { Crowd } from './support/crowd.ts';
import { eventually } from './support/eventually.ts';
import { expectExact } from './support/exactness.ts';
import { Random } from './support/random.ts';
import { Server, temporaryDirectory } from './support/server.ts';

const HOUR_MS = 3_600_000;
const CLOCK = pathToFileURL(join(process.cwd(), 'test/support/set-clock.mjs')).href;
/** With these pauses they vote some 250 times a second. */
const [VOTERS, PAUSE_MS] = [50, 180];
const VOTES_BETWEEN = 500;

it('a clock that is set by an hour, forwards and back, under load and over a restart: every acknowledged vote counts once, and the audits agree, after the closing too', async () => {
  const clockFile = join(temporaryDirectory(), 'clock');
  const setClock = (ms: number): void => writeFileSync(clockFile, String(ms));
  const env = { NODE_OPTIONS: `--import=${CLOCK}`, CLOCK_FILE: clockFile };
  setClock(0);
  let server = await Server.start({ env });
  const { dataDir, port } = server;
  const client: Client = server.client();
  const replayed = await client.solved();
  const first = await client.vote(1, replayed);
  expect(first.status).toBe(201);
  const crowd = new Crowd(port, VOTERS, new Random(5), PAUSE_MS);
  crowd.acknowledged.set(first.json.voto.id as string, 1);
  /** The same challenge for either participant: whatever the clock says of it, it is no second vote. */
  const replay = async (): Promise<void> => {
    for (const participant of [1, 2]) {
      const answer = await eventually(
        () => client.vote(participant, replayed),
        ({ status }) => status !== 503,
      );
      const { status, json } = answer;
      if (status === 200) expect([json.voto.id, participant]).toEqual([first.json.voto.id, 1]);
      // as one value: whoever reads a failure sees all that was answered
      else expect({ status, ...json }).toMatchObject({ code: expect.stringMatching(/^human-check-(expired|used)$/) });
    }
  };
  const rates: number[] = [];
  for (const hours of [1, 0, -1, 0, 1, -1]) {
    const started = performance.now();
    await crowd.voted(VOTES_BETWEEN);
    rates.push(Math.round((1000 * VOTES_BETWEEN) / (performance.now() - started)));
    setClock(hours * HOUR_MS);
    await crowd.voted(VOTES_BETWEEN / 10);
    await replay();
  }
  await server.kill();
  setClock(0);
  server = await Server.start({ dataDir, port, env });
  await crowd.voted(VOTES_BETWEEN);
  await replay();
  await crowd.end();
  console.log(`votes a second: ${rates.join(' ')}; refused or lost: ${JSON.stringify(crowd.refusals)}`);

  const { recount, acknowledged } = await expectExact(dataDir, server.client(), crowd.acknowledged);
  expect(acknowledged).toBeGreaterThan(7 * VOTES_BETWEEN);
  expect(recount).toMatchObject({ expired: 0, quarantined: 0, late: 0 });
  expect(await command('audit', [], { DATA_DIR: dataDir })).toMatchObject({ code: 0 });

  // the clock of the log stands an hour ahead of the host's
  const admin = server.client();
  expect((await admin.admin('POST', '/paredoes/1/encerrar')).status).toBe(200);
  await eventually(
    () => admin.total('1'),
    ({ final }) => final === true,
    30_000,
  );
  const { code, output } = await command('audit', [], { DATA_DIR: dataDir });
  expect({ code, output }).toEqual({
    code: 0,
    output: expect.stringMatching(/poll-1, .*: decidido em .*, registrado em/),
  });
}, 120_000);
