import { afterAll, describe, expect, it } from '@jest/globals';
import { generateKeyPairSync, verify } from 'node:crypto';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { Environment } from '#platform';

import { signElsewhere } from './sign-elsewhere.ts';

const folder = mkdtempSync(join(tmpdir(), 'paredao-'));
afterAll(() => rmSync(folder, { recursive: true }));

const { privateKey, publicKey } = generateKeyPairSync('ed25519');
writeFileSync(join(folder, 'key.pem'), privateKey.export({ format: 'pem', type: 'pkcs8' }));

/** A program with this body, and what signs by it. */
function signer(name: string, body: string, limitMs = 10_000): NonNullable<ReturnType<typeof signElsewhere>> {
  const sealCommand = join(folder, name);
  writeFileSync(sealCommand, `#!/bin/sh\ncd "$(dirname "$0")"\n${body}\n`);
  chmodSync(sealCommand, 0o700);
  return signElsewhere(Object.assign(new Environment(), { sealCommand, sealCommandKeyFile: 'key.pub' }), limitMs)!;
}

describe('a key that is elsewhere', () => {
  it('signs by a program, as OpenSSL does it', async () => {
    const sign = signer('openssl', 'cat >text; openssl pkeyutl -sign -rawin -inkey key.pem -in text | base64 -w 76');
    const text = 'uma urna — vazia\n';
    expect(verify(null, Buffer.from(text), publicKey, await sign(text))).toBe(true);
  });

  it.each([
    ['fails', 'echo segredo >&2; exit 3', 'failed with 3'],
    ['says too much', 'yes', 'failed with ERR_CHILD_PROCESS_STDIO_MAXBUFFER'],
    ['is ended', 'kill -9 $$', 'ended by SIGKILL'],
    ['hangs', 'exec sleep 60', 'no answer in time'],
  ])('does not sign by one that %s', async (name, body, reason) => {
    const signing = signer(name, body, 500)('x\n'.repeat(100_000));
    await expect(signing).rejects.toThrow(reason);
    await expect(signing).rejects.toMatchObject({ code: 'seal-command-failed' });
    await expect(signing).rejects.not.toThrow('segredo');
  });

  it('is with the deployment, or has a program that signs: nothing else is signed with instead', () => {
    const environment = new Environment();
    expect(signElsewhere(environment)).toBeUndefined();
    environment.sealCommandKeyFile = 'key.pub';
    expect(() => signElsewhere(environment)).toThrow('SEAL_COMMAND: must be the program');
    environment.sealCommand = join(folder, 'no such program');
    return expect(signElsewhere(environment)!('x\n')).rejects.toThrow('failed with ENOENT');
  });
});
