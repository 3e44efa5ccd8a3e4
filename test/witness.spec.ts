import { type ChildProcess, spawnSync } from 'node:child_process';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';

import { openNote, parseNote, verifierKey, verifierOf } from '#transparency';
import { Deployment, SignedLog, newKey } from '../libs/witness/testing/signed-log.ts';
import { command, startCommand } from './support/command.ts';
import { eventually } from './support/eventually.ts';
import { temporaryDirectory } from './support/server.ts';
import { needs } from './tools/needs.ts';

const deployment = new Deployment();
const box = new SignedLog('vote.example/urna/1/1');
const fork = box.fork(0);
const keys = deployment.introduce(box, new SignedLog('vote.example/urna/1/atos'));

const OTHER_WITNESS = verifierKey('other.example/w', newKey(), 'cosignature');

const START_LIMIT_MS = 90_000;
const TIME_LIMIT_MS = 300_000;
let dir: string;
const running: ChildProcess[] = [];

/** Starts `npm run witness` on a free port. */
async function start(...args: readonly string[]) {
  const own = ['--dir', dir, '--key', deployment.vkey, '--listen', '127.0.0.1:0', ...args];
  const { child, ended } = startCommand('witness', own, {});
  running.push(child);
  let output = '';
  for (const stream of [child.stdout!, child.stderr!]) stream.on('data', (text: string) => (output += text));
  const isUp = (text: string): boolean => text.includes('vkey=');
  const [, url = '', vkey = ''] = /address=(\S+)[^]*vkey=(\S+)/.exec(
    await eventually(() => output, isUp, START_LIMIT_MS),
  )!;
  const post = async (path: string, body: string | Uint8Array): Promise<{ status: number; body: string }> => {
    const response = await fetch(`${url}${path}`, { method: 'POST', body: Buffer.from(body) });
    return { status: response.status, body: await response.text() };
  };
  return { child, ended, url, vkey, post };
}

/** What it has of the box. */
async function sizeAt({ child, ended, post }: Awaited<ReturnType<typeof start>>): Promise<number> {
  const { body } = await post('/add-checkpoint', await box.body(0, 700));
  child.kill('SIGTERM');
  await ended;
  return Number(body);
}

const show = async (...args: readonly string[]): Promise<string> => {
  const { code, output } = await command('witness', [...args, '--dir', dir], {});
  expect({ code, output }).toMatchObject({ code: 0 });
  return output;
};

beforeEach(() => {
  dir = join(temporaryDirectory(), 'witness');
});
afterEach(() => {
  for (const child of running.splice(0)) child.kill('SIGKILL');
});

jest.setTimeout(TIME_LIMIT_MS);

describe('npm run witness', () => {
  it('makes a key that only its owner reads, and keeps it', async () => {
    const first = await start('--name', 'auditor.example/w1');
    first.child.kill('SIGTERM');
    expect(await first.ended).toMatchObject({ code: 0 });
    const again = await start();

    expect(statSync(join(dir, 'key.json')).mode & 0o777).toBe(0o600);
    expect(again.vkey).toBe(first.vkey);
    expect(first.vkey).toMatch(/^auditor\.example\/w1\+/);
    expect(await (await fetch(`${again.url}/vkey`)).text()).toBe(`${first.vkey}\n`);
    const other = await command('witness', ['--dir', dir, '--key', deployment.vkey, '--name', 'other'], {});
    expect(other).toEqual({ code: 2, output: expect.stringContaining('is that of auditor.example/w1') });
  });

  it('answers below a path that it makes, keeps and tells its owner only, and at no other', async () => {
    const first = await start();
    expect(new URL(first.url).pathname).toMatch(/^\/[\w-]{22}$/);
    expect(statSync(join(dir, 'path.json')).mode & 0o777).toBe(0o600);
    await first.post('/add-log', keys);
    await first.post('/add-checkpoint', await box.body(0, 300));
    const { origin } = new URL(first.url);
    const body = await box.body(0, 1);
    expect((await fetch(`${origin}/add-checkpoint`, { method: 'POST', body: Buffer.from(body) })).status).toBe(404);
    expect(await first.post('/add-checkpoint', body)).toEqual({ status: 409, body: '300\n' });
    first.child.kill('SIGTERM');
    await first.ended;

    expect(new URL((await start()).url).pathname).toBe(new URL(first.url).pathname);
    writeFileSync(join(dir, 'path.json'), '{"path":"/w"}');
    const other = await command('witness', ['--dir', dir, '--key', deployment.vkey], {});
    expect(other).toEqual({ code: 2, output: expect.stringContaining('path.json must hold') });
  });

  it('never cosigns a fork, wherever it is killed', async () => {
    const cosigned: string[] = [];
    let size = 0;
    for (let round = 0; round < 3; round++) {
      const { child, ended, post } = await start();
      await post('/add-log', keys);
      for (let step = 0; step < 4; step++) {
        const bodies = await Promise.all([box, fork].map((log) => log.body(size, size + 1)));
        const answers = bodies.map((body) => post('/add-checkpoint', body));
        // amid the last ones, a little later in each round
        if (step === 3) await delay(round);
        if (step === 3) child.kill('SIGKILL');
        for (const answer of await Promise.allSettled(answers))
          if (answer.status === 'fulfilled' && answer.value.status === 200) cosigned.push(answer.value.body);
        size = step === 3 ? size : size + 1;
      }
      await ended;
      size = await sizeAt(await start());
    }
    const { post, vkey } = await start();
    const lineage = (await post('/add-checkpoint', await box.body(size, size))).status === 200 ? box : fork;
    const loser = lineage === box ? fork : box;

    expect(cosigned.length).toBeGreaterThanOrEqual(9);
    expect((await post('/add-checkpoint', await loser.body(size, size))).status).toBe(409);
    expect((await post('/add-checkpoint', await loser.body(size, 700))).status).toBe(422);
    expect((await post('/add-checkpoint', await lineage.body(size, 700))).status).toBe(200);
    for (const line of cosigned) {
      const isOf = (log: SignedLog): boolean =>
        Array.from({ length: size + 1 }, (_, at) => log.note(at)).some((note) => verifies(note, line, vkey));
      expect([isOf(lineage), isOf(loser)]).toEqual([true, false]);
    }
  });

  it('lists what it has, and hands it over as an anchor', async () => {
    const { post } = await start();
    await post('/add-log', keys);
    for (const [from, to] of [
      [0, 5],
      [5, 300],
    ] as const)
      await post('/add-checkpoint', await box.body(from, to));
    await post('/add-checkpoint', await fork.body(0, 5));

    expect(await show('list')).toMatch(/^vote\.example\/urna\/1\/1 +size 300 {2}2 cosigned, 1 FORKED\n.*size –/);
    expect(await show('list', box.origin)).toMatch(/^5 {2}\d{4}-.*Z\n300 {2}\d{4}-.*Z\n5 {2}FORKED {2}\S+=\n$/);
    expect(parseNote(await show('show', box.origin)).text).toBe(parseNote(box.note(300)).text);
    expect(parseNote(await show('show', `${box.origin}@5`)).text).toBe(parseNote(box.note(5)).text);
    expect(await show('show', `${box.origin}@5`, '--refused')).toBe(fork.note(5));
    expect(await command('witness', ['show', `${box.origin}@6`, '--dir', dir], {})).toMatchObject({ code: 2 });
  });

  it.each<[string, readonly string[], string]>([
    ['without the key of a deployment', [], '--key is needed'],
    ['with a key that is none', ['--key', 'nonsense'], '"nonsense", which is no file, is no verifier key'],
    ['with the key of a witness', ['--key', OTHER_WITNESS], 'the key of other.example/w is that of a witness'],
    ['with an address that is none', ['--key', deployment.vkey, '--listen', 'here'], '--listen takes'],
    ['for something else', ['lists'], 'there is no "lists"'],
    ['to list what is not there', ['list'], 'there is no witness in'],
  ])('does not start %s', async (_what, args, why) => {
    const { code, output } = await command('witness', [...args, '--dir', dir], {});

    expect({ code, output }).toEqual({ code: 2, output: expect.stringContaining(why) });
    expect(existsSync(dir)).toBe(false);
  });

  it('takes the keys of deployments from a file, and says when its port is taken', async () => {
    const file = join(temporaryDirectory(), 'deployments');
    writeFileSync(
      file,
      `# the old one and the new one\n${new Deployment('old.example/urna').vkey}\n${deployment.vkey}\n`,
    );
    const { url, post } = await start('--key', file);

    expect((await post('/add-log', keys)).status).toBe(200);
    const taken = await command('witness', ['--dir', dir, '--key', file, '--listen', new URL(url).host], {});
    expect(taken).toEqual({ code: 2, output: expect.stringMatching(/^listen EADDRINUSE[^\n]*\n$/) });
  });
});

needs('go')('what a witness cosigned', () => {
  it("is verified by Go's note and torchwood", async () => {
    const { post, vkey } = await start();
    await post('/add-log', keys);
    await post('/add-checkpoint', await box.body(0, 300));
    const { name, privateKey } = JSON.parse(readFileSync(join(dir, 'key.json'), 'utf8'));
    const input = JSON.stringify({
      name,
      privateKey,
      vkey,
      logKey: box.vkey,
      checkpoint: await show('show', box.origin),
    });

    const { stdout, stderr } = spawnSync('go', ['run', '.', 'cosigned'], {
      ...{ cwd: join('test', 'transparency', 'go'), input, encoding: 'utf8', timeout: TIME_LIMIT_MS },
      env: { ...process.env, GOWORK: 'off', GOFLAGS: '-mod=readonly' },
    });
    expect({ stdout, stderr }).toMatchObject({ stdout: 'verified\n' });
  });
});

/** Whether a line is the witness's cosignature of a checkpoint. */
function verifies(note: string, line: string, vkey: string): boolean {
  try {
    return openNote(`${parseNote(note).text}\n${line}`, [verifierOf(vkey)]).verified.length === 1;
  } catch {
    return false;
  }
}
