import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { spawn } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { verifierKey } from '#transparency';

import { Environment } from './environment.ts';
import { publicKeysIn, seedsIn } from './seal-key-file.ts';
import { secretsOf } from './secrets-of.ts';
import { type Secrets, loadSecrets, rotateSecrets } from './secrets.ts';

let directory: string;

beforeEach(() => {
  directory = join(mkdtempSync(join(tmpdir(), 'paredao-')), 'data');
});
afterEach(() => {
  rmSync(join(directory, '..'), { recursive: true });
});

const text = ({ humanCheck, token, cursor }: Secrets): string[] =>
  [humanCheck, token, cursor].map((key) => key.export().toString('hex'));

function readSecrets(): string {
  loadSecrets(directory);
  return readFileSync(join(directory, 'secrets.json'), 'utf8');
}

const evidence = (secrets: Secrets): string => secrets.evidence.export().toString('hex');

/** What a process of its own prints, line by line. */
async function tokensOf(code: string, start: string): Promise<string[]> {
  const child = spawn(process.execPath, ['--no-warnings', '--experimental-strip-types', '-e', code, start, directory]);
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  await once(child, 'close');
  return output.trim().split('\n');
}

describe('the secrets', () => {
  it('are made at the first start, each with 256 bits of its own', () => {
    const keys = text(loadSecrets(directory));

    expect(keys.map((key) => key.length)).toEqual([64, 64, 64]);
    expect(new Set(keys).size).toBe(3);
  });

  it('stay the same from then on', () => {
    expect(text(loadSecrets(directory))).toEqual(text(loadSecrets(directory)));
  });

  it('of an earlier version have a key for the evidence, the same at each start and after a rotation', () => {
    const old = { humanCheck: '01'.repeat(32), token: '02'.repeat(32), cursor: '03'.repeat(32) };
    loadSecrets(directory);
    writeFileSync(join(directory, 'secrets.json'), JSON.stringify(old));
    const key = evidence(loadSecrets(directory));

    expect(key).toMatch(/^[0-9a-f]{64}$/);
    expect(Object.values(old)).not.toContain(key);
    expect(evidence(loadSecrets(directory))).toBe(key);
    rotateSecrets(directory);
    expect(evidence(loadSecrets(directory))).toBe(key);
  });

  it('of an earlier version have a key to seal with, the same at each start and behind the new one after a rotation', () => {
    const { evidence: _, seal: __, ...old } = JSON.parse(readSecrets()) as Record<string, unknown>;
    writeFileSync(join(directory, 'secrets.json'), JSON.stringify(old));
    const [seed] = loadSecrets(directory).seal;

    expect(seed?.byteLength).toBe(32);
    expect(loadSecrets(directory).seal).toEqual([seed]);
    rotateSecrets(directory);
    rotateSecrets(directory);
    const { seal } = loadSecrets(directory);
    expect(seal).toHaveLength(3);
    expect(seal[2]).toEqual(seed);
  });

  it('take the keys to seal with from a file as well, before their own', () => {
    const [own] = loadSecrets(directory).seal;
    const keys = [0, 1].map(() => generateKeyPairSync('ed25519').privateKey);
    const file = join(directory, 'seal.pem');
    writeFileSync(file, keys.map((key) => key.export({ format: 'pem', type: 'pkcs8' })).join(''));
    const seeds = keys.map((key) => Buffer.from(key.export({ format: 'jwk' }).d!, 'base64url'));

    expect(loadSecrets(directory, seedsIn(file)).seal).toEqual([...seeds, own]);
  });

  it.each([
    ['is not there', undefined],
    ['holds no key', 'secret'],
    ['holds another kind of key', generateKeyPairSync('x25519').privateKey.export({ format: 'pem', type: 'pkcs8' })],
  ])('refuse a file for the keys to seal with that %s', (_, text) => {
    const file = join(directory, '..', 'seal.pem');
    if (text !== undefined) writeFileSync(file, text);

    expect(() => seedsIn(file)).toThrow(`SEAL_KEY_FILE=${file}`);
  });

  it('may have keys that are elsewhere: their public ones, the newest first', () => {
    const file = join(directory, '..', 'deployment.pub');
    const [newest, older] = [1, 2].map(() => generateKeyPairSync('ed25519').publicKey);
    writeFileSync(
      file,
      `${newest!.export({ format: 'pem', type: 'spki' }).toString()}${verifierKey('voto.example/urna', older!)}\n`,
    );
    const environment = Object.assign(new Environment(), { dataDir: directory, sealCommandKeyFile: file });

    const { sealElsewhere = [] } = secretsOf(environment);
    expect(sealElsewhere.map((key) => key.export({ format: 'jwk' }))).toEqual(
      [newest, older].map((key) => key!.export({ format: 'jwk' })),
    );
  });

  it.each([
    ['is not there', undefined],
    ['holds no key', 'secret'],
    ['holds a private key', generateKeyPairSync('ed25519').privateKey.export({ format: 'pem', type: 'pkcs8' })],
    ['holds another kind of key', generateKeyPairSync('x25519').publicKey.export({ format: 'pem', type: 'spki' })],
    ['holds a verifier key that is cut', 'voto.example/urna+82ff9b3d+Adyg8YI0eIC'],
  ])('refuse a file for keys that are elsewhere that %s', (_, text) => {
    const file = join(directory, '..', 'deployment.pub');
    rmSync(file, { force: true });
    if (text !== undefined) writeFileSync(file, text);

    expect(() => publicKeysIn(file)).toThrow(`SEAL_COMMAND_KEY_FILE=${file}`);
  });

  it('differ from deployment to deployment', () => {
    expect(text(loadSecrets(directory))).not.toEqual(text(loadSecrets(join(directory, 'other'))));
  });

  it('can be read by their owner only, and leave no other file', () => {
    loadSecrets(directory);

    expect(statSync(join(directory, 'secrets.json')).mode & 0o777).toBe(0o600);
    expect(statSync(directory).mode & 0o777).toBe(0o700);
    expect(readdirSync(directory)).toEqual(['secrets.json']);
  });

  it('are the same in services that start for the first time together', async () => {
    const code = `import(${JSON.stringify(join(__dirname, 'secrets.ts'))}).then(({ loadSecrets }) => {
      while (Date.now() < Number(process.argv[1])) {}
      for (let n = 0; n < 200; n++) console.log(loadSecrets(process.argv[2] + n).token.export().toString('hex'));
    })`;
    const start = String(Date.now() + 1000);
    const [one, other] = await Promise.all([tokensOf(code, start), tokensOf(code, start)]);

    expect(one.length).toBe(200);
    expect(one).toEqual(other);
  });

  it('are not replaced when the file cannot be read: that is for a person to decide', () => {
    loadSecrets(directory);
    writeFileSync(join(directory, 'secrets.json'), '{"humanCheck":');

    expect(() => loadSecrets(directory)).toThrow();
    expect(readFileSync(join(directory, 'secrets.json'), 'utf8')).toBe('{"humanCheck":');
  });

  it('are all new after a rotation, which remembers the old human-check key and when that was', () => {
    const before = loadSecrets(directory);
    rotateSecrets(directory, 1234);
    const after = loadSecrets(directory);

    for (const key of text(after)) expect(text(before)).not.toContain(key);
    expect(evidence(after)).toBe(evidence(before));
    expect(after.previousHumanCheck?.rotatedAt).toBe(1234);
    expect(after.previousHumanCheck?.key.equals(before.humanCheck)).toBe(true);
    expect(statSync(join(directory, 'secrets.json')).mode & 0o777).toBe(0o600);
    expect(readdirSync(directory)).toEqual(['secrets.json']);
  });

  it('can be rotated before the first start', () => {
    rotateSecrets(directory);

    expect(loadSecrets(directory).previousHumanCheck).toBeUndefined();
  });
});
