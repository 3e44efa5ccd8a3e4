import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { useFastScrypt } from './testing/fast-scrypt.ts';
import { verifyPassword } from './passwords.ts';
import { addUser, removeUser, resetPassword, usersOf } from './user-admin.ts';
import { type User, loadUsers, replaceUsers } from './users.ts';

const USERS: User[] = [
  { name: 'admin', role: 'admin', passwordHash: 'one' },
  { name: 'auditor', role: 'auditor', passwordHash: 'two' },
];

let directory: string;

beforeEach(() => {
  useFastScrypt();
  directory = mkdtempSync(join(tmpdir(), 'paredao-'));
  replaceUsers(directory, USERS);
});
afterEach(() => rmSync(directory, { recursive: true }));

const stored = (): string => readFileSync(join(directory, 'users.json'), 'utf8');
const refused = (message: RegExp) =>
  expect.objectContaining({ code: 'user-refused', message: expect.stringMatching(message) });

describe('an operator', () => {
  it('adds a user with a role and a password that is stored only as a hash', async () => {
    const password = await addUser(directory, 'ana', 'admin');
    expect(stored()).not.toContain(password);
    const [admin, auditor, ana] = usersOf(directory);
    expect([admin, auditor]).toEqual(USERS);
    expect(ana).toMatchObject({ name: 'ana', role: 'admin' });
    expect(await verifyPassword(password, ana!.passwordHash)).toBe(true);
    expect(statSync(join(directory, 'users.json')).mode & 0o777).toBe(0o600);
  });

  it.each([
    ['a name that is taken', 'auditor', 'admin', /"auditor" already/],
    ['a name that HTTP Basic cannot send', 'ana:b', 'admin', /"ana:b" must be/],
    ['a name that can be read in two ways', 'Ana', 'admin', /"Ana" must be/],
    ['no name', '', 'admin', /"" must be/],
    ['a role that there is not', 'ana', 'root', /"root".*admin, producao, auditor, sre/],
  ])('does not add %s', async (_what, name, role, why) => {
    await expect(addUser(directory, name, role)).rejects.toEqual(refused(why));
    expect(loadUsers(directory)).toEqual(USERS);
  });

  it('removes a user, and no other', () => {
    removeUser(directory, 'auditor');
    expect(usersOf(directory)).toEqual([USERS[0]]);
  });

  it('removes no user that there is not, and not the last administrator', async () => {
    expect(() => removeUser(directory, 'ninguem')).toThrow(refused(/"ninguem".*admin, auditor/));
    expect(() => removeUser(directory, 'admin')).toThrow(refused(/last administrator/));
    await addUser(directory, 'ana', 'admin');
    removeUser(directory, 'admin');
    expect(usersOf(directory).map(({ name }) => name)).toEqual(['auditor', 'ana']);
  });

  it('gives a user a new password', async () => {
    const password = await resetPassword(directory, 'auditor');
    expect(stored()).not.toContain(password);
    const [admin, auditor] = usersOf(directory);
    expect(admin).toEqual(USERS[0]);
    expect(await verifyPassword(password, auditor!.passwordHash)).toBe(true);
    await expect(resetPassword(directory, 'ninguem')).rejects.toEqual(refused(/"ninguem".*admin, auditor/));
  });

  it('leaves the first users to the first start', async () => {
    rmSync(join(directory, 'users.json'));
    await expect(addUser(directory, 'ana', 'admin')).rejects.toEqual(refused(/first start/));
    expect(() => removeUser(directory, 'admin')).toThrow(refused(/first start/));
    expect(loadUsers(directory)).toBeUndefined();
  });
});
