import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { useFastScrypt } from './testing/fast-scrypt.ts';
import { ensureUsers } from './first-credentials.ts';
import { verifyPassword } from './passwords.ts';

let directory: string;
let printed: string[];

const onTerminal = (isTTY: boolean): void => {
  Object.defineProperty(process.stdout, 'isTTY', { value: isTTY, configurable: true });
};
const file = (): string => join(directory, 'first-credentials.txt');
function passwordsIn(text: string): Record<string, string> {
  const lines = text.matchAll(/^ {2}(\w+) +([\w-]{24})$/gm);
  return Object.fromEntries([...lines].map(([, name = '', password = '']): [string, string] => [name, password]));
}

describe('the first credentials', () => {
  const { isTTY } = process.stdout;

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'paredao-'));
    printed = [];
    useFastScrypt();
    jest.spyOn(process.stdout, 'write').mockImplementation((text) => printed.push(String(text)) > 0);
  });
  afterEach(() => {
    jest.restoreAllMocks();
    onTerminal(isTTY);
    rmSync(directory, { recursive: true });
  });

  it('go to a file that only its owner can read where there is no terminal, and nowhere else', async () => {
    onTerminal(false);
    const users = await ensureUsers(directory);
    const passwords = passwordsIn(readFileSync(file(), 'utf8'));

    expect(statSync(file()).mode & 0o777).toBe(0o600);
    expect(Object.keys(passwords).sort()).toEqual(['admin', 'auditor', 'producao', 'sre']);
    for (const password of Object.values(passwords)) expect(printed.join('')).not.toContain(password);
    for (const { name, role, passwordHash } of users) {
      expect(role).toBe(name);
      expect(await verifyPassword(passwords[name] ?? '', passwordHash)).toBe(true);
    }
  });

  it('go to the terminal if there is one, and to no file', async () => {
    onTerminal(true);
    await ensureUsers(directory);

    expect(Object.keys(passwordsIn(printed.join('')))).toHaveLength(4);
    expect(existsSync(file())).toBe(false);
  });

  it('are shown once; the data directory keeps hashes only', async () => {
    onTerminal(false);
    const users = await ensureUsers(directory);
    printed = [];

    expect(await ensureUsers(directory)).toEqual(users);
    expect(printed).toEqual([]);
    expect(statSync(join(directory, 'users.json')).mode & 0o777).toBe(0o600);
    const stored = readFileSync(join(directory, 'users.json'), 'utf8');
    for (const password of Object.values(passwordsIn(readFileSync(file(), 'utf8'))))
      expect(stored).not.toContain(password);
  });

  it('are new when somebody deletes the users to start again, although the old file is still there', async () => {
    onTerminal(false);
    await ensureUsers(directory);
    const before = passwordsIn(readFileSync(file(), 'utf8'));
    rmSync(join(directory, 'users.json'));
    const [admin] = await ensureUsers(directory);
    const after = passwordsIn(readFileSync(file(), 'utf8'));

    expect(after).not.toEqual(before);
    expect(await verifyPassword(after['admin'] ?? '', admin?.passwordHash ?? '')).toBe(true);
  });

  it('are the same for services that start for the first time together', async () => {
    onTerminal(false);
    const [one, other] = await Promise.all([ensureUsers(directory), ensureUsers(directory)]);
    const passwords = passwordsIn(readFileSync(file(), 'utf8'));

    expect(one).toEqual(other);
    expect(await verifyPassword(passwords['admin'] ?? '', one[0]?.passwordHash ?? '')).toBe(true);
  });
});
