import { afterAll, describe, expect, it } from '@jest/globals';
import { generateKeyPairSync, verify } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { Environment } from '#platform';

import { eventually } from '../../../test/support/eventually.ts';
import { makeProgram, signingWith } from '../testing/signing-program.ts';
import { signElsewhere } from './sign-elsewhere.ts';

const folder = mkdtempSync(join(tmpdir(), 'paredao-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Of a process that is not stopped. */
const running = new AbortController().signal;

const { privateKey, publicKey } = generateKeyPairSync('ed25519');

/** What signs by a program of this module. */
function signer(
  name: string,
  module: string,
  limitMs = 10_000,
  signal = running,
): NonNullable<ReturnType<typeof signElsewhere>> {
  const sealCommand = join(folder, name);
  makeProgram(sealCommand, module);
  return signElsewhere(
    Object.assign(new Environment(), { sealCommand, sealCommandKeyFile: 'key.pub' }),
    signal,
    limitMs,
  )!;
}

describe('a key that is elsewhere', () => {
  it('signs by a program', async () => {
    const sign = signer('signs', signingWith(privateKey));
    const text = 'uma urna — vazia\n';
    expect(verify(null, Buffer.from(text), publicKey, await sign(text))).toBe(true);
  });

  it.each([
    ['fails', 'process.exit(3)', 'exit code 3'],
    ['says too much', "setInterval(() => process.stdout.write('y'.repeat(999)), 1)", 'more than a signature'],
    ['is ended', "process.kill(process.pid, 'SIGKILL')", 'ended by SIGKILL'],
    ['prints nothing', '', 'no Ed25519 signature in base64'],
    ['prints no signature', "console.log('AAAA')", 'no Ed25519 signature in base64'],
    ['prints more than one', "console.log('A'.repeat(86) + '==\\nok')", 'no Ed25519 signature in base64'],
  ])('does not sign by one that %s', async (name, module, reason) => {
    const signing = signer(name, module)('x\n'.repeat(100_000));
    await expect(signing).rejects.toThrow(reason);
    await expect(signing).rejects.toMatchObject({ code: 'seal-command-failed' });
  });

  it('is not waited for when its program hangs, which is ended with all that it started', async () => {
    const file = join(folder, 'child');
    const hangs = `
      import { spawn } from 'node:child_process';
      import { writeFileSync } from 'node:fs';
      const { pid } = spawn(process.execPath, ['--eval', 'setInterval(() => {}, 1000)'], { stdio: 'inherit' });
      writeFileSync(${JSON.stringify(file)}, String(pid));
      setInterval(() => {}, 1000);`;
    const stopped = new AbortController();
    const signing = signer('hangs', hangs, 60_000, stopped.signal)('x\n');
    await eventually(() => existsSync(file), Boolean, 30_000);
    stopped.abort();
    await expect(signing).rejects.toThrow('no answer in time');
    const child = Number(readFileSync(file, 'utf8'));
    // whoever takes its place reaps it
    const isGone = (): boolean =>
      !existsSync(`/proc/${child}`) || readFileSync(`/proc/${child}/stat`, 'utf8').includes(') Z ');
    await eventually(isGone, Boolean);
  });

  it.each([
    ['it takes too long', 1, running],
    ['the process is stopped already', 60_000, AbortSignal.abort()],
  ])('is given up when %s', async (name, limitMs, signal) => {
    const signing = signer(name, 'setInterval(() => {}, 1000)', limitMs, signal)('x\n');
    await expect(signing).rejects.toThrow('no answer in time');
  });

  it('signs though its program warns at length', async () => {
    const sign = signer(
      'warns',
      "console.error('x'.repeat(1200)); console.log('A'.repeat(50)); console.log('A'.repeat(36) + '==')",
    );
    expect(await sign('x\n')).toHaveLength(64);
  });

  it('is with the deployment, or has a program that signs: nothing else is signed with instead', () => {
    const environment = new Environment();
    expect(signElsewhere(environment, running)).toBeUndefined();
    environment.sealCommandKeyFile = 'key.pub';
    expect(() => signElsewhere(environment, running)).toThrow('SEAL_COMMAND: must be the program');
    environment.sealCommand = join(folder, 'no such program');
    return expect(signElsewhere(environment, running)!('x\n')).rejects.toThrow('cannot be run: ENOENT');
  });
});
