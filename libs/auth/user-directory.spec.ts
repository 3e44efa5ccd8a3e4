import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { chmodSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { UserDirectory, passwordVersion } from './user-directory.ts';
import { type User, replaceUsers } from './users.ts';

const USERS: User[] = [
  { name: 'admin', role: 'admin', passwordHash: 'one' },
  { name: 'auditor', role: 'auditor', passwordHash: 'two' },
];

let directory: string;

beforeEach(() => {
  jest.useFakeTimers();
  directory = mkdtempSync(join(tmpdir(), 'paredao-'));
  replaceUsers(directory, USERS);
});
afterEach(() => {
  jest.useRealTimers();
  chmodSync(directory, 0o700);
  rmSync(directory, { recursive: true });
});

const hashOf = (users: UserDirectory, name = 'admin'): string | undefined => users.find(name)?.passwordHash;

describe('the users of a directory', () => {
  it('are known by name', () => {
    const users = new UserDirectory(directory, USERS);
    expect(hashOf(users)).toBe('one');
    expect(users.find('ninguem')).toBeUndefined();
  });

  it('get a new password here at once, and on every other instance within a second', () => {
    const [here, there] = [new UserDirectory(directory, USERS), new UserDirectory(directory, USERS)];
    expect(hashOf(there)).toBe('one');
    here.setPassword('admin', 'three');
    expect(hashOf(here)).toBe('three');
    expect(hashOf(there)).toBe('one');
    jest.advanceTimersByTime(1000);
    expect(hashOf(there)).toBe('three');
    expect(hashOf(there, 'auditor')).toBe('two');
    expect(statSync(join(directory, 'users.json')).mode & 0o777).toBe(0o600);
  });

  it('keep what other instances wrote before', () => {
    const [here, there] = [new UserDirectory(directory, USERS), new UserDirectory(directory, USERS)];
    here.setPassword('admin', 'three');
    there.setPassword('auditor', 'four');
    jest.advanceTimersByTime(1000);
    expect([hashOf(here), hashOf(here, 'auditor')]).toEqual(['three', 'four']);
  });

  it('stay as they were while their file is missing or broken', () => {
    const users = new UserDirectory(directory, USERS);
    for (const spoil of [
      () => writeFileSync(join(directory, 'users.json'), '[{'),
      () => rmSync(directory, { recursive: true }),
    ]) {
      spoil();
      jest.advanceTimersByTime(1000);
      expect(hashOf(users)).toBe('one');
    }
    replaceUsers(directory, [{ ...USERS[0]!, passwordHash: 'five' }]);
    jest.advanceTimersByTime(1000);
    expect(hashOf(users)).toBe('five');
  });

  it('are left to the operator where the file cannot be written', () => {
    // nobody, not even root, makes a file in there
    const users = new UserDirectory('/sys/kernel', USERS);
    expect(() => users.setPassword('admin', 'three')).toThrow(expect.objectContaining({ code: 'users-read-only' }));
    expect(hashOf(users)).toBe('one');
  });
});

describe('the version of a password', () => {
  it('changes with it, and does not show its hash', () => {
    const [one, other] = [USERS[0]!, { ...USERS[0]!, passwordHash: 'three' }].map(passwordVersion);
    expect(one).toMatch(/^[\w-]{22}$/);
    expect(one).not.toBe(other);
  });
});
