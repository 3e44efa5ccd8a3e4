import { afterEach, describe, expect, it } from '@jest/globals';
import { cpSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { openNote, verifierOf } from '#transparency';
import { TestWitness } from '../libs/witness/testing/witnesses.ts';
import { command } from './support/command.ts';
import { eventually } from './support/eventually.ts';
import { Server, temporaryDirectory } from './support/server.ts';
import { proclaimed } from './support/sign-off.ts';

const TEST_LIMIT_MS = 300_000;
const WAIT_MS = 60_000;

const closers: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

async function listening(witness: TestWitness, port = 0): Promise<{ url: string; port: number }> {
  const { url, port: its, close } = await witness.listen(port);
  closers.push(close);
  return { url, port: its };
}

/** A stopped service, and witnesses of its ballot boxes: the first listens, the other is away. */
async function stoppedServiceAndWitnesses() {
  const server = await Server.start();
  const { dataDir, port } = server;
  const vkey = (await server.client().get('/urna/vkey')).text.trim();
  await server.stop();
  const [one, two] = ['one', 'two'].map(
    (name) => new TestWitness([vkey], '', temporaryDirectory(), `${name}.example/w`),
  );
  const { url } = await listening(one!);
  const away = await two!.listen();
  await away.close();
  const WITNESSES = `${one!.vkey} ${url} contracted; ${two!.vkey} ${away.url} contracted`;
  return { dataDir, port, one: one!, two: two!, awayPort: away.port, env: { WITNESSES, WITNESS_QUORUM: '2' } };
}

/** Waits until a witness cosigned the box of the first poll with so many leaves. */
const cosigned = (witness: TestWitness, size: number): Promise<unknown> =>
  eventually(
    async () => witness.store.logs().find(({ origin }) => origin.endsWith('/1/1'))?.size,
    (seen) => seen === size,
    WAIT_MS,
  );

describe('a service with witnesses', () => {
  it(
    'shows who cosigned, is provisional while they are too few, and final when the other one is back',
    async () => {
      const { two, one, awayPort, ...rest } = await stoppedServiceAndWitnesses();
      const server = await Server.start(rest);
      const client = server.client();
      for (let vote = 0; vote < 3; vote++) await client.cast(1);
      await cosigned(one, 4);
      await client.admin('POST', '/paredoes/1/encerrar');
      expect((await proclaimed(client, '1')).status).toBe(200);
      const boletim = (isEnough: (testemunhas: { assinaturas: unknown[] }) => boolean) =>
        eventually(
          () => client.get('/urna/1/boletim.json'),
          ({ json }) => json.testemunhas !== undefined && isEnough(json.testemunhas),
          WAIT_MS,
        );
      const { json: early } = await boletim(({ assinaturas }) => assinaturas.length === 1);

      expect(early).toMatchObject({
        testemunhas: { exigidas: 2, assinaturas: [{ nome: 'one.example/w' }], suficientes: false },
        ...{ estado: 'proclamado', definitivo: false },
      });
      expect((await client.get('/urna/1/boletim')).text).toContain('Provisório: 1 de 2 testemunhas assinaram');
      expect(await server.metric('witness_waiting_seconds{witness="one.example/w"}')).toBe(0);
      expect(await server.metric('witness_waiting_seconds{witness="two.example/w"}')).toBeGreaterThan(0);

      await listening(two, awayPort);
      const { json: late } = await boletim(({ assinaturas }) => assinaturas.length === 2);
      expect(late).toMatchObject({ testemunhas: { suficientes: true }, definitivo: true });
      const { text: note } = await client.get('/urna/1/1/checkpoint');
      const keys = [late.chaves.urna, one.vkey, two.vkey].map((key: string) => verifierOf(key));
      expect(openNote(note, keys).verified).toHaveLength(3);
      expect((await client.get('/urna/1/boletim')).text).not.toContain('Provisório');

      // as docs/audit.md has it, with what an auditor keeps and one more witness who signed nothing
      const kept = join(temporaryDirectory(), 'boletim.json');
      writeFileSync(kept, JSON.stringify(late));
      const args = ['--quick', '--anchor', kept, '--vkey', late.chaves.servico, '--vkey', one.vkey];
      const audited = await command('audit', [...args, '--vkey', two.vkey], { DATA_DIR: rest.dataDir });
      expect(audited).toMatchObject({ code: 0, output: expect.stringMatching(/^CONFERE, ANCORADO$/m) });
      const stranger = new TestWitness([], '', temporaryDirectory(), 'three.example/w');
      const lacking = await command('audit', [...args, '--vkey', stranger.vkey], { DATA_DIR: rest.dataDir });
      expect(lacking).toMatchObject({
        code: 1,
        output: expect.stringContaining('three.example/w não assinou nenhuma'),
      });
    },
    TEST_LIMIT_MS,
  );

  it(
    'signs no second history when log and read model are lost, until an operator sets the witness aside',
    async () => {
      const { dataDir, port, env, one } = await stoppedServiceAndWitnesses();
      let server = await Server.start({ dataDir, port, env });
      for (let vote = 0; vote < 2; vote++) await server.client().cast(1);
      await cosigned(one, 3);
      const backup = join(temporaryDirectory(), 'backup');
      expect(await command('backup', [backup], { DATA_DIR: dataDir })).toMatchObject({ code: 0 });
      for (let vote = 0; vote < 3; vote++) await server.client().cast(1);
      await cosigned(one, 6);
      await server.stop();

      for (const store of ['events', 'read-model', 'tiles'])
        for (const end of ['', '-wal', '-shm']) rmSync(join(dataDir, `${store}.db${end}`), { force: true });
      cpSync(join(backup, 'events.db'), join(dataDir, 'events.db'));
      server = await Server.start({ dataDir, port, env });
      for (let vote = 0; vote < 5; vote++) await server.client().cast(2);
      const refused = 'seal_refused{poll="1",log="1"}';
      await eventually(
        () => server.metric(refused).catch(() => NaN),
        (value) => value === 1,
        WAIT_MS,
      );
      expect(server.log()).toContainEqual(
        expect.objectContaining({ level: 'error', log: '1/1', err: expect.objectContaining({ code: 'forked-log' }) }),
      );
      await server.stop();

      const asked = ['overrule', '--poll', '1', '--reason', 'Disco perdido'];
      const decided = await command('seal', asked, { DATA_DIR: dataDir, ...env });
      expect(decided).toMatchObject({
        code: 0,
        output: expect.stringContaining('1/1: one.example/w, which has seen 6 leaves, is not asked any more'),
      });
      server = await Server.start({ dataDir, port, env });
      await eventually(
        () => server.metric('seal_size{poll="1",log="1"}').catch(() => NaN),
        (size) => size === 8,
        WAIT_MS,
      );
      expect(await server.metric(refused)).toBe(0);
      const { output } = await command('audit', ['--quick'], { DATA_DIR: dataDir });
      expect(output).toMatch(/mandou lacrar apesar da testemunha one\.example\/w em .*: Disco perdido/);
    },
    TEST_LIMIT_MS,
  );
});
