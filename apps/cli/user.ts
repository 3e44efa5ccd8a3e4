import { parseArgs } from 'node:util';

import { addUser, readEnvironment, removeUser, usersOf } from '#platform';

import { UsageError, runCommand } from './lib/command.ts';

const USAGE = `npm run user -- add NAME --role ROLE    a user with a password, shown once; ROLE: admin, producao, auditor or sre
npm run user -- remove NAME             its tokens end; the last administrator stays
npm run user -- list                    who there is, and with which role`;

await runCommand(USAGE, async (args) => {
  const { values, positionals } = parseArgs({
    args: [...args],
    options: { role: { type: 'string' } },
    allowPositionals: true,
  });
  const [action, name, ...more] = positionals;
  const { dataDir } = readEnvironment();
  if (action === 'list' && name === undefined) list(dataDir);
  else if (name === undefined || more.length > 0) throw new UsageError('add, remove or list');
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
