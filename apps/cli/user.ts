import { UsageError } from '#platform/arguments';
import { addUser, removeUser, usersOf } from '#auth';
import { readEnvironment } from '#platform';

import { runCommand } from './lib/command.ts';

const PROGRAM = {
  usage: `npm run user -- add NAME --role ROLE    a user with a password, shown once
npm run user -- remove NAME             its tokens end; the last administrator stays
npm run user -- list                    who there is, and with which role`,
  about: 'Gives each person a login of their own, in the data directory (DATA_DIR).',
  options: { role: { type: 'string', value: 'ROLE', help: 'with add: admin, producao, auditor or sre' } },
  operands: { least: 1, most: 2 },
} as const;

await runCommand(PROGRAM, async ({ values, positionals: [action, name] }) => {
  const { dataDir } = readEnvironment();
  if (action === 'list' && name === undefined) list(dataDir);
  else if (name === undefined) throw new UsageError('add, remove or list');
  else if (action === 'add') await add(dataDir, name, values.role);
  else if (action === 'remove') remove(dataDir, name);
  else throw new UsageError(`there is no "${action ?? ''}"`);
  return 0;
});

async function add(dataDir: string, name: string, role: string | undefined): Promise<void> {
  if (role === undefined) throw new UsageError('add needs a role');
  const password = await addUser(dataDir, name, role);
  console.log(`\n  ${name}  ${password}\n\nShown once. Running services know the user within about a second.`);
}

function remove(dataDir: string, name: string): void {
  removeUser(dataDir, name);
  console.log(`${name} is no user any more; the tokens end within about a second.`);
}

function list(dataDir: string): void {
  for (const { name, role } of usersOf(dataDir)) console.log(`${name.padEnd(20)} ${role}`);
}
