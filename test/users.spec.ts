import { beforeAll, describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import type { Answer, Client, Json } from './support/client.ts';
import { type CommandResult, command } from './support/command.ts';
import { eventually } from './support/eventually.ts';
import { expectProblem } from './support/problem.ts';
import { Server } from './support/server.ts';

describe('the users of a running service', () => {
  let server: Server;
  let client: Client;
  let token: string;
  let password: string;

  beforeAll(async () => {
    server = await Server.start();
    client = server.client();
  });

  const user = (...args: string[]): Promise<CommandResult> => command('user', args, { DATA_DIR: server.dataDir });
  const users = (): string => readFileSync(join(server.dataDir, 'users.json'), 'utf8');
  const login = (): Promise<Answer> => client.call('POST', '/login', { json: { usuario: 'ana', senha: password } });
  const polls = (authorization: string): Promise<Answer> =>
    client.call('GET', '/paredoes', { headers: { authorization } });
  const basic = (): string => `Basic ${Buffer.from(`ana:${password}`).toString('base64')}`;

  it('are more when the operator adds one, whose name is on record then', async () => {
    const added = await user('add', 'ana', '--role', 'admin');
    expect(added).toMatchObject({ code: 0, output: expect.stringMatching(/^\n {2}ana {2}[\w-]{24}\n\nShown once/) });
    password = added.output.trim().split(/\s+/)[1]!;
    const entered = await eventually(login, ({ status }) => status === 200);
    token = `Bearer ${entered.json.token as string}`;
    expect(entered.json.papel).toBe('admin');
    const renamed = await client.call('PATCH', '/paredoes/1/participantes/1', {
      headers: { authorization: token },
      json: { nome: 'Ana Nova', motivo: 'Nome corrigido' },
    });
    expect(renamed.status).toBe(200);
    const actions = await client.get('/auditoria/acoes', client.basic('auditor'));
    expect((actions.json as Json[]).at(-1)).toMatchObject({ evento: 'ParticipantChanged', quem: 'ana' });
    expect((await user('list')).output).toMatch(/^admin +admin\n.*\nana +admin\n$/s);
  });

  it('are fewer when the operator removes one: its token and its password end', async () => {
    expect((await polls(token)).status).toBe(200);
    expect((await polls(basic())).status).toBe(200);
    expect((await user('remove', 'ana')).code).toBe(0);
    expectProblem(
      await eventually(
        () => polls(token),
        ({ status }) => status !== 200,
      ),
      401,
      'unauthenticated',
    );
    expectProblem(await polls(basic()), 401, 'invalid-credentials');
    expectProblem(await login(), 401, 'invalid-credentials');
  });

  it.each([
    [['remove', 'admin'], /^"admin" is the last administrator\n$/],
    [['remove', 'ana'], /^"ana" is none of the users: admin, producao, auditor, sre\n$/],
    [['add', 'sre', '--role', 'sre'], /^there is a user "sre" already\n$/],
    [['add', 'bia'], /^add needs a role\n\nnpm run user/],
    [['add', 'bia', '--rolle', 'sre'], /--rolle.*npm run user/s],
    [['rename', 'bia'], /^there is no "rename"\n\nnpm run user/],
    [[], /^an argument is missing\n\nnpm run user/],
  ])('are left alone by %j, with the reason and exit code 2', async (args, reason) => {
    const before = users();
    expect(await user(...args)).toMatchObject({ code: 2, output: expect.stringMatching(reason) });
    expect(users()).toBe(before);
  });

  it.each([
    ['password', ['ninguem'], /^"ninguem" is none of the users/],
    ['password', [], /^an argument is missing\n\nnpm run password/],
    ['rotate-secrets', ['now'], /now.*npm run rotate-secrets/s],
  ])('%s %j is refused in the same way', async (name, args, reason) => {
    const result = await command(name, args, { DATA_DIR: server.dataDir });
    expect(result).toMatchObject({ code: 2, output: expect.stringMatching(reason) });
  });
});
