import { ROLES, type Role } from '#contract';
import { loadSecrets } from '#platform';

import { PasswordTags } from './password-tags.ts';
import { generatePassword } from './passwords.ts';
import { type User, loadUsers, updateUsers, withPassword } from './users.ts';

/** What operators do to the users of a data directory. Running instances take it in within about a second. */

/** What was asked for does not fit the users that there are. */
class UserRefusedError extends Error {
  override readonly name = 'UserRefusedError';
  readonly code = 'user-refused';
}

/** Names stay in the event log and are sent in HTTP Basic: plain letters, and no colon. */
const NAME = /^[a-z0-9][a-z0-9._-]{0,39}$/;

/**
 * The users of a data directory.
 * @throws UserRefusedError before the first start, which makes the first users
 */
export function usersOf(directory: string): readonly User[] {
  const users = loadUsers(directory);
  if (users === undefined) throw new UserRefusedError(`${directory} has no users yet: the first start makes them`);
  return users;
}

/**
 * Adds a user.
 * @returns the password, which is stored only as a hash
 * @throws UserRefusedError for a name that is taken or has other characters, or a role that there is not; UsersReadOnlyError
 */
export async function addUser(directory: string, name: string, role: string): Promise<string> {
  if (!NAME.test(name)) throw new UserRefusedError(`"${name}" must be 1 to 40 of a-z, 0-9, ".", "_" and "-"`);
  if (!isRole(role)) throw new UserRefusedError(`"${role}" is none of the roles: ${ROLES.join(', ')}`);
  usersOf(directory);
  const password = generatePassword();
  const tags = new PasswordTags(loadSecrets(directory).token);
  const user = { name, role, passwordHash: await tags.hash(name, password) };
  updateUsers(directory, (users) => {
    if (users.some((other) => other.name === name)) throw new UserRefusedError(`there is a user "${name}" already`);
    return [...users, user];
  });
  return password;
}

/**
 * Removes a user, whose tokens end with it.
 * @throws UserRefusedError when there is no such user, or no administrator would be left; UsersReadOnlyError
 */
export function removeUser(directory: string, name: string): void {
  assertExists(usersOf(directory), name);
  updateUsers(directory, (users) => {
    const left = users.filter((user) => user.name !== name);
    if (!left.some(({ role }) => role === 'admin')) throw new UserRefusedError(`"${name}" is the last administrator`);
    return left;
  });
}

/**
 * Gives a user a new password. Tokens from before end.
 * @returns the password, which is stored only as a hash
 * @throws UserRefusedError when there is no such user; UsersReadOnlyError
 */
export async function resetPassword(directory: string, name: string): Promise<string> {
  assertExists(usersOf(directory), name);
  const password = generatePassword();
  const passwordHash = await new PasswordTags(loadSecrets(directory).token).hash(name, password);
  updateUsers(directory, (users) => withPassword(users, name, passwordHash));
  return password;
}

const isRole = (text: string): text is Role => ROLES.some((role) => role === text);

function assertExists(users: readonly User[], name: string): void {
  if (users.some((user) => user.name === name)) return;
  throw new UserRefusedError(`"${name}" is none of the users: ${users.map((user) => user.name).join(', ')}`);
}
