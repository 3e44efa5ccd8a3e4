import { expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import { SqliteEventLog } from '#event-log';

import { command } from './support/command.ts';
import { eventually } from './support/eventually.ts';
import { Server } from './support/server.ts';

const UPCASTER = pathToFileURL(join(process.cwd(), 'dist/test/support/upcaster.js')).href;
/** The programs of a release that has the upcaster. */
const RELEASE = { NODE_OPTIONS: `--import ${UPCASTER}` };

async function appendOldVote(dataDir: string): Promise<void> {
  const log = SqliteEventLog.open(dataDir);
  const data = Buffer.from(`${'a'.repeat(32)} 2 ${Date.now()}`);
  await log.append('votes-1', [{ id: randomUUID(), type: 'VoteCast', version: 0, data }], 'any');
  await log.close();
}

it('an event that no program can read is repaired by an upcaster, a rebuild and a switch', async () => {
  const old = await Server.start();
  const { dataDir, port } = old;
  const env = { DATA_DIR: dataDir };
  await old.client().cast(1);
  await old.stop();
  await appendOldVote(dataDir);

  // the old release: it says so, and counts on
  let server = await Server.start({ dataDir, port });
  await server.client().cast(1);
  const incomplete = await eventually(
    () => server.client().total(),
    ({ total }) => total === 2,
  );
  expect(incomplete).toMatchObject({ completo: false, quarentena: 1, voto_1: 2, voto_2: 0 });
  expect((await command('quarantine', [], env)).output).toMatch(
    /Poll 1: 1 in quarantine\n {2}votes-1@2 {2}position \d+: unknown-event/,
  );
  const { output } = await command('quarantine', ['show', 'votes-1@2'], env);
  expect(output).toMatch(/type {6}VoteCast, version 0\n/);
  expect(output).toMatch(/text {6}"a{32} 2 \d+"\n {2}00000000 {2}(61 ){15}61\n/);
  expect(await command('quarantine', ['show', 'votes-1@0'], env)).toEqual({
    code: 1,
    output: '"votes-1@0" is not one of the listed events\n',
  });
  // it alone cannot help itself
  expect((await command('rebuild', [], env)).output).toContain('Version 6-1 is active now');
  expect(await server.client().total()).toMatchObject({ completo: false, quarentena: 1 });
  await server.stop();

  // the release with the upcaster goes on with what is stored, until it is rebuilt
  server = await Server.start({ dataDir, port, env: RELEASE });
  expect(await server.client().total()).toMatchObject({ completo: false, voto_1: 2, voto_2: 0 });
  const refused = await command('rebuild', [], { ...env, ...RELEASE });
  expect(refused).toMatchObject({ code: 1, output: expect.stringMatching(/rebuilt: votes 2 \+ 1, .* quarantined 0/) });
  expect(await server.client().total()).toMatchObject({ completo: false, voto_2: 0 });
  const repaired = await command('rebuild', ['--accept-differences'], { ...env, ...RELEASE });
  expect(repaired).toMatchObject({ code: 0, output: expect.stringContaining('is active now') });
  const complete = await eventually(
    () => server.client().total(),
    ({ completo }) => completo === true,
  );
  expect(complete).toMatchObject({ total: 3, voto_1: 2, voto_2: 1, quarentena: 0, revisao: '3' });
  expect((await command('quarantine', [], env)).output).toBe('Nothing is in quarantine.\n');
  // both recounts read the old event as the repaired service does; a release without the upcaster cannot
  expect(await command('audit', [], { ...env, ...RELEASE })).toEqual({
    code: 0,
    output: expect.stringMatching(/^Em quarentena +0$[^]*^CONFERE(, NÃO ANCORADO)?$/m),
  });
  expect(await command('audit', [], env)).toEqual({
    code: 1,
    output: expect.stringContaining('votes-1, revisão 2: tipo ou versão que o programa não conhece'),
  });
});
