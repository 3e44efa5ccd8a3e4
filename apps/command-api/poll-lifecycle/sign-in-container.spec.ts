import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { spawn } from 'node:child_process';
import { generateKeyPairSync, verify } from 'node:crypto';
import { once } from 'node:events';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { pathToFileURL } from 'node:url';

const MODULE = pathToFileURL(join(process.cwd(), 'dist/apps/command-api/poll-lifecycle/sign-elsewhere.js')).href;
/** A user that owns nothing here. */
const NOBODY = 65_534;
const TEXT = 'paredao-chaves/v1\numa urna — vazia\n';
const OPERATIONS = readFileSync('docs/operations.md', 'utf8');

/** What a command-api of the image does with a program. */
const COMMAND_API = `
  const { signElsewhere } = await import(${JSON.stringify(MODULE)});
  const [sealCommand, limit] = process.argv.slice(1);
  const sign = signElsewhere({ sealCommand }, new AbortController().signal, Number(limit));
  const answer = await sign(${JSON.stringify(TEXT)}).then(
    (signature) => ({ signature: Buffer.from(signature).toString('base64') }),
    ({ code, message }) => ({ code, message }),
  );
  console.log(JSON.stringify(answer));`;

interface Answer {
  readonly signature?: string;
  readonly code?: string;
  readonly message?: string;
}

let folder: string;
let workingDirectory: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'paredao-'));
  workingDirectory = join(folder, 'app');
  mkdirSync(workingDirectory);
  for (const path of [workingDirectory, folder]) chmodSync(path, 0o555);
});
afterAll(() => {
  chmodSync(folder, 0o700);
  rmSync(folder, { recursive: true });
});

function program(name: string, content: string, mode = 0o555): string {
  const path = join(folder, name);
  chmodSync(folder, 0o755);
  writeFileSync(path, content, { mode });
  chmodSync(folder, 0o555);
  return path;
}

/** As compose runs it: another user than the one who owns the files, nothing to write to, no environment but the path of the image. */
async function asked(path: string, limitMs = 30_000): Promise<Answer & { readonly said: string }> {
  const isRoot = process.getuid?.() === 0;
  const child = spawn(process.execPath, ['--input-type=module', '--eval', COMMAND_API, path, String(limitMs)], {
    cwd: workingDirectory,
    env: { PATH: `${dirname(process.execPath)}:/usr/bin:/bin` },
    ...(isRoot && { uid: NOBODY, gid: NOBODY }),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [output, said] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
  return { ...(JSON.parse(output) as Answer), said };
}

describe('a program that signs, in the container of the command-api', () => {
  it('signs as docs/operations.md has it', async () => {
    const { privateKey, publicKey } = generateKeyPairSync('ed25519');
    const key = program('deployment.pem', privateKey.export({ format: 'pem', type: 'pkcs8' }).toString(), 0o444);
    const [, documented = ''] = /```js sign\.mjs\n([^]*?)```/.exec(OPERATIONS) ?? [];
    const { signature = '' } = await asked(
      program('sign.mjs', documented.replace('/etc/paredao/seal/deployment.pem', key)),
    );

    expect(verify(null, Buffer.from(TEXT), publicKey, Buffer.from(signature, 'base64'))).toBe(true);
  });

  const SHELL = '#!/bin/sh\n';
  it.each([
    ['may not be executed', SHELL, 0o444, 'it cannot be run: EACCES'],
    ['is for an interpreter that is not there', '#!/usr/bin/no-such-thing\n', 0o555, 'it cannot be run: ENOENT'],
    ['writes beside itself', `${SHELL}set -e\necho x >"$0.log"\n`, 0o555, 'it ended with exit code'],
    ['writes where it runs', `${SHELL}set -e\necho x >log\n`, 0o555, 'it ended with exit code'],
    ['needs what the image lacks', `${SHELL}no-such-thing --sign\n`, 0o555, 'it ended with exit code 127'],
    ['prints something else', `${SHELL}echo signed\n`, 0o555, 'it printed no Ed25519 signature in base64'],
    ['dies', `${SHELL}kill -9 $$\n`, 0o555, 'it was ended by SIGKILL'],
  ])('says so where it %s', async (name, content, mode, why) => {
    const { code, message } = await asked(program(name.replaceAll(' ', '-'), content, mode));

    expect([code, message]).toEqual(['seal-command-failed', expect.stringContaining(why)]);
  });

  it('is ended when it hangs, and what it said is beside the log of the process', async () => {
    const path = program('hangs', `${SHELL}echo "no way to the key" >&2\nexec sleep 60\n`);
    const { message, said } = await asked(path, 1000);

    expect(message).toContain('no answer in time');
    expect(said).toContain('no way to the key');
  });
});
