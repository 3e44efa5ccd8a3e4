import { afterAll, describe, expect, it } from '@jest/globals';
import { generateKeyPairSync, verify } from 'node:crypto';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { Environment } from '#platform';

import { signElsewhere } from './sign-elsewhere.ts';

const folder = mkdtempSync(join(tmpdir(), 'paredao-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Of a process that is not stopped. */
const running = new AbortController().signal;

const { privateKey, publicKey } = generateKeyPairSync('ed25519');
writeFileSync(join(folder, 'key.pem'), privateKey.export({ format: 'pem', type: 'pkcs8' }));

/** A program with this body, and what signs by it. */
function signer(name: string, body: string, limitMs = 10_000): NonNullable<ReturnType<typeof signElsewhere>> {
  const sealCommand = join(folder, name);
  writeFileSync(sealCommand, `#!/bin/sh\ncd "$(dirname "$0")"\n${body}\n`);
  chmodSync(sealCommand, 0o700);
  return signElsewhere(
    Object.assign(new Environment(), { sealCommand, sealCommandKeyFile: 'key.pub' }),
    running,
    limitMs,
  )!;
}

async function eventually(holds: () => boolean): Promise<void> {
  for (let tries = 0; !holds(); tries++) {
    if (tries > 100) throw new Error('it did not happen');
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

describe('a key that is elsewhere', () => {
  it('signs by a program, as OpenSSL does it', async () => {
    const sign = signer('openssl', 'cat >text; openssl pkeyutl -sign -rawin -inkey key.pem -in text | base64 -w 76');
    const text = 'uma urna — vazia\n';
    expect(verify(null, Buffer.from(text), publicKey, await sign(text))).toBe(true);
  });

  it.each([
    ['fails', 'exit 3', 'exit code 3'],
    ['says too much', 'yes', 'more than a signature'],
    ['is ended', 'kill -9 $$', 'ended by SIGKILL'],
  ])('does not sign by one that %s', async (name, body, reason) => {
    const signing = signer(name, body)('x\n'.repeat(100_000));
    await expect(signing).rejects.toThrow(reason);
    await expect(signing).rejects.toMatchObject({ code: 'seal-command-failed' });
  });

  it('is not waited for when its program hangs, which is ended with all that it started', async () => {
    const signing = signer('hangs', 'sleep 60 & echo $! >child; wait', 1500)('x\n');
    await expect(signing).rejects.toThrow('no answer in time');
    const child = Number(readFileSync(join(folder, 'child'), 'utf8'));
    // whoever takes its place reaps it
    await eventually(
      () => !existsSync(`/proc/${child}`) || readFileSync(`/proc/${child}/stat`, 'utf8').includes(') Z '),
    );
  });

  it('signs though its program warns at length', async () => {
    const sign = signer('warns', 'head -c 1200 /dev/zero | tr "\\0" x >&2; echo AAAA');
    expect(await sign('x\n')).toHaveLength(3);
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
