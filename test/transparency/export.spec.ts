import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { spawn } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { type Server, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';

import type { RecordedEvent } from '#domain';
import { SqliteEventLog } from '#event-log';
import { exportUrna, recount } from '#audit';

import { recorded, sealed, signedHead, wholePoll } from '../../libs/audit/testing/sealed-poll.ts';
import { Voted } from '../../libs/audit/testing/voted.ts';
import { needs } from '../tools/needs.ts';
import { CACHE } from '../tools/tools.ts';

/** The checker of somebody else, as `npm run test:tools` built it. */
const FSCK = join(CACHE, 'tessera-v1.0.4', 'fsck');
/** It hangs on some faults once it has named them. */
const FSCK_LIMIT_MS = 20_000;
const TIME_LIMIT_MS = 300_000;
/** Two tiles, and one of the level above. */
const EVENTS = recorded(wholePoll(600));

interface Ended {
  readonly status: number | null;
  readonly output: string;
}

async function run(program: string, args: readonly string[], limit: number, cwd?: string): Promise<Ended> {
  const env = { ...process.env, GOWORK: 'off', GOFLAGS: '-mod=readonly' };
  const child = spawn(program, args, { cwd, env, timeout: limit, killSignal: 'SIGKILL' });
  const ended = once(child, 'close') as Promise<[number | null]>;
  const [out, err] = await Promise.all([text(child.stdout), text(child.stderr)]);
  return { status: (await ended)[0], output: out + err };
}

/** What the unmodified fsck says of a log. Its exit status says nothing without a terminal. */
const fsck = async (url: string, vkey: string): Promise<string> => {
  const args = [`-storage_url=${url}`, `-public_key=${vkey}`, '-ui=false', '-N=16'];
  return (await run(FSCK, args, FSCK_LIMIT_MS)).output;
};
const SUCCESS = "Successfully fsck'd log";

let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'paredao-verify-'));
  await exported(sealed(EVENTS), join(folder, 'honest'));
});
afterAll(() => rmSync(folder, { recursive: true }));

async function exported(events: readonly RecordedEvent[], directory: string): Promise<void> {
  const voted = await Voted.of(events);
  const log = SqliteEventLog.openReadOnly(voted.directory);
  try {
    await exportUrna({ log, pollId: 'paredao-1', directory });
  } finally {
    await log.close();
    voted.dispose();
  }
}

/** A copy of the export with a file changed. */
function tampered(path: string, change: (bytes: Buffer) => Uint8Array | undefined): string {
  const copy = mkdtempSync(join(folder, 'tampered-'));
  cpSync(join(folder, 'honest', '1'), copy, { recursive: true });
  const changed = change(readFileSync(join(copy, path)));
  if (changed === undefined) rmSync(join(copy, path));
  else writeFileSync(join(copy, path), changed);
  return copy;
}

const flipped = (at: number) => (bytes: Buffer) => bytes.with(at, bytes[at]! ^ 1);
const replaced = (from: string, to: string) => (bytes: Buffer) =>
  Buffer.from(bytes.toString('latin1').replace(from, to), 'latin1');

const TAMPERINGS: readonly [what: string, path: string, change: (bytes: Buffer) => Uint8Array | undefined][] = [
  ['a vote turned', 'tile/entries/001', replaced('"participantId":1', '"participantId":2')],
  ['the opening changed', 'tile/entries/000', replaced('Aurora', 'Aurore')],
  ['the last vote removed', 'tile/entries/002.p/91', (bytes) => bytes.subarray(0, bytes.length - 300)],
  ['entries missing', 'tile/entries/001', () => undefined],
  ['a hash changed', 'tile/0/001', flipped(100)],
  ['a hash of the last tile changed', 'tile/0/002.p/91', flipped(5)],
  ['a hash of the level above changed', 'tile/1/000.p/2', flipped(33)],
  ['another size', 'checkpoint', replaced('\n603\n', '\n602\n')],
];

needs('fsck')("Tessera's fsck, unmodified,", () => {
  it('passes an exported ballot box and its acts', async () => {
    for (const log of ['1', 'atos']) {
      const directory = join(folder, 'honest', log);
      expect(await fsck(`file://${directory}`, join(directory, 'vkey'))).toContain(SUCCESS);
    }
  });

  it('passes it from a plain web server', async () => {
    const root = join(folder, 'honest', '1');
    const server = await served(root);
    const { port } = server.address() as AddressInfo;
    expect(await fsck(`http://127.0.0.1:${port}/`, join(root, 'vkey'))).toContain(SUCCESS);
    server.close();
  });

  it.each(TAMPERINGS)('fails with %s', async (_, path, change) => {
    const copy = tampered(path, change);
    expect(await fsck(`file://${copy}`, join(copy, 'vkey'))).not.toContain(SUCCESS);
  });

  it('fails with the key of another log', async () => {
    const { honest } = { honest: join(folder, 'honest') };
    expect(await fsck(`file://${join(honest, '1')}`, join(honest, 'atos', 'vkey'))).not.toContain(SUCCESS);
  });
});

needs('go')('the short verifier', () => {
  let verifier: string;
  beforeAll(async () => {
    verifier = join(folder, 'verify');
    const { status, output } = await run('go', ['build', '-o', verifier, '.'], TIME_LIMIT_MS, 'docs/verify');
    if (status !== 0) throw new Error(output);
  }, TIME_LIMIT_MS);

  const verify = (directory: string, ...kept: readonly string[]): Promise<Ended> =>
    run(
      verifier,
      [directory, readFileSync(join(folder, 'honest', '1', 'vkey'), 'utf8').trim(), ...kept],
      FSCK_LIMIT_MS,
    );
  const keep = (events: readonly RecordedEvent[], size: number): string => {
    const path = join(folder, `kept-${size}`);
    writeFileSync(path, signedHead(events, 1, size));
    return path;
  };

  it('agrees with an exported ballot box and with checkpoints that were kept of it', async () => {
    expect(await verify(join(folder, 'honest', '1'), keep(EVENTS, 1), keep(EVENTS, 300))).toEqual({
      ...{ status: 0, output: 'verified: voto.example/urna/paredao-1/1, 603 entries, 3 checkpoints\n' },
    });
  });

  it('does not agree with a checkpoint of another history, or of a longer one', async () => {
    const other = recorded(wholePoll(600).toSpliced(9, 1));
    expect(await verify(join(folder, 'honest', '1'), keep(other, 301))).toMatchObject({ status: 1 });
    const longer = recorded(wholePoll(601));
    expect(await verify(join(folder, 'honest', '1'), keep(longer, 604))).toMatchObject({ status: 1 });
  });

  it.each(TAMPERINGS.filter(([, path]) => !/tile\/\d/.test(path)))('does not with %s', async (_, path, change) => {
    expect((await verify(tampered(path, change))).status).not.toBe(0);
  });
});

needs('python')('the recount in Python', () => {
  it('comes to the same totals', async () => {
    const { status, output } = await run(
      'python3',
      ['docs/verify/recount.py', join(folder, 'honest', '1')],
      TIME_LIMIT_MS,
    );
    const { votes } = recount('paredao-1', EVENTS);
    const [voto_1 = 0, voto_2 = 0] = votes;

    expect({ status, ...JSON.parse(output) }).toEqual({ status: 0, voto_1, voto_2, total: voto_1 + voto_2 });
    expect(voto_1 + voto_2).toBe(600);
  });
});

/** Files as they lie there, like any web server. */
async function served(root: string): Promise<Server> {
  const server = createServer((request, response) => {
    try {
      response.end(readFileSync(join(root, request.url!)));
    } catch {
      response.writeHead(404).end();
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
}
