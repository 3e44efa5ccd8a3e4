import { expect, it } from '@jest/globals';
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import { command } from './support/command.ts';
import { eventually } from './support/eventually.ts';
import { sealedOf } from './support/sealed.ts';
import { Server, temporaryDirectory } from './support/server.ts';

const SYNCS = pathToFileURL(join(process.cwd(), 'test/support/note-syncs.mjs')).href;

/** Runs a command. @returns the files and folders that it waited for until they were on the disk */
async function synced(...[program, args, env]: Parameters<typeof command>): Promise<ReadonlySet<string>> {
  const file = join(temporaryDirectory(), 'syncs');
  const ended = await command(program, args, { ...env, NODE_OPTIONS: `--import=${SYNCS}`, SYNCS_FILE: file });
  expect(ended).toMatchObject({ code: 0 });
  return new Set(readFileSync(file, 'utf8').trimEnd().split('\n'));
}

it('a backup of a service that runs is a data directory: another one goes on from it', async () => {
  const server = await Server.start();
  const { dataDir } = server;
  await server.client().cast(1);
  await server.client().cast(2);
  const folder = join(temporaryDirectory(), 'backup');
  expect(await command('backup', [folder], { DATA_DIR: dataDir })).toMatchObject({ code: 0 });
  await server.client().cast(1);
  for (const name of ['secrets.json', 'users.json'])
    expect(readFileSync(join(folder, name), 'utf8')).toBe(readFileSync(join(dataDir, name), 'utf8'));
  expect((statSync(folder).mode & 0o777).toString(8)).toBe('700');
  await server.stop();

  const restored = await Server.start({ dataDir: folder });
  const client = restored.client();
  const total = await eventually(
    () => client.call('GET', '/total', { headers: server.client().basic('producao') }),
    ({ json }) => json?.total === 2,
  );
  expect(total.json).toMatchObject({ total: 2, voto_1: 1, voto_2: 1, completo: true });
  await restored.stop();
});

it('a backup is there as a whole or not at all, and on the disk when it says so', async () => {
  const server = await Server.start();
  const { dataDir } = server;
  await server.client().cast(1);
  await server.stop();
  const parent = temporaryDirectory();
  const folder = join(parent, 'backup');
  // what a killed one left
  mkdirSync(`${folder}.part`);
  writeFileSync(join(`${folder}.part`, 'events.db'), 'half');

  const onDisk = await synced('backup', [folder], { DATA_DIR: dataDir });
  const copied = ['events.db', 'secrets.json', 'users.json', ''].map((name) => join(folder, name));
  expect(onDisk).toEqual(new Set([...copied.map((path) => path.replace(folder, `${folder}.part`)), parent]));
  expect(readdirSync(parent)).toEqual(['backup']);

  rmSync(join(dataDir, 'users.json'));
  mkdirSync(join(dataDir, 'users.json'));
  expect(await command('backup', [join(parent, 'other')], { DATA_DIR: dataDir })).toMatchObject({ code: 2 });
  expect(readdirSync(parent)).toEqual(['backup']);
});

it('what an export or an import says that it wrote is on the disk, with the folders around it', async () => {
  const server = await Server.start();
  const env = { DATA_DIR: server.dataDir };
  await server.client().cast(1);
  await eventually(
    async () => (await sealedOf(server.dataDir, 'box')).published,
    (size) => size === 2,
  );
  await server.stop();
  const parent = temporaryDirectory();
  const [urna, file, data] = [join(parent, 'new', 'urna'), join(parent, 'file.ndjson.gz'), join(parent, 'log', 'data')];

  const ofUrna = await synced('export', ['--urna', urna], env);
  const written = readdirSync(join(urna, '1'), { recursive: true, encoding: 'utf8' });
  expect(written.length).toBeGreaterThan(10);
  for (const name of ['', ...written]) expect(ofUrna).toContain(join(urna, '1.part', name));
  for (const folder of [urna, join(parent, 'new'), parent]) expect(ofUrna).toContain(folder);
  expect(await synced('export', ['--poll', '1', '--out', file], env)).toEqual(new Set([`${file}.part`, parent]));
  const ofImport = await synced('import', [file, '--to', data], {});
  for (const folder of [data, join(parent, 'log'), parent]) expect(ofImport).toContain(folder);
});

it('a backup overwrites nothing, and says what it cannot do', async () => {
  const folder = temporaryDirectory();
  expect(await command('backup', [folder], { DATA_DIR: temporaryDirectory() })).toEqual({
    code: 2,
    output: expect.stringContaining(`${folder} exists already`),
  });
  const missing = join(folder, 'new');
  expect(await command('backup', [missing], { DATA_DIR: folder })).toEqual({
    code: 2,
    output: `there is no event log in ${folder}\n`,
  });
  expect(existsSync(missing)).toBe(false);
  for (const [args, env] of [
    [[], {}],
    [[join(folder, 'other')], { EVENTSTORE_URL: 'esdb://127.0.0.1:1?tls=false' }],
  ] as const)
    expect(await command('backup', args, env)).toMatchObject({
      code: 2,
      output: expect.stringContaining('npm run backup'),
    });
  expect(existsSync(join(folder, 'other'))).toBe(false);
});

it('a bad event makes a poll incomplete, and nothing else', async () => {
  const server = await Server.start();
  const { dataDir, port } = server;
  await server.client().cast(1);
  const env = { DATA_DIR: dataDir };
  expect(await command('bad-event', ['1'], env)).toMatchObject({ code: 2, output: expect.stringMatching(/^.*\n$/) });
  await server.stop();
  expect(await command('bad-event', ['1'], env)).toMatchObject({ code: 0 });
  expect(await command('bad-event', [], env)).toMatchObject({ code: 2, output: expect.stringContaining('POLL') });

  const again = await Server.start({ dataDir, port });
  const total = await eventually(
    () => again.client().total(),
    ({ completo }) => completo === false,
  );
  expect(total).toMatchObject({ total: 1, quarentena: 1 });
  await again.stop();
});
