import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { temporaryDirectory } from '../support/server.ts';
import { GraylogDouble, PASSWORD } from './graylog-double.ts';
import { pack } from './pack.ts';

const { rev } = pack;
const TITLES = ['Erros', 'Avisos', 'Informações', 'Depuração', 'Acessos'];
/** Seconds; the script asks every two. */
const PATIENT = '20';
const IMPATIENT = '1';

let graylog: GraylogDouble;

beforeEach(async () => {
  graylog = await GraylogDouble.start();
});

afterEach(() => graylog.stop());

const passwordFile = join(temporaryDirectory(), 'password');
writeFileSync(passwordFile, `${PASSWORD}\n`);

interface Run {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

const init = (limit = PATIENT, file = passwordFile, address = graylog.address): Promise<Run> =>
  new Promise((resolve) => {
    execFile(process.execPath, ['graylog/init.mjs', address, file, limit], (error, stdout, stderr) =>
      resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr }),
    );
  });

describe('the init script of Graylog', () => {
  it('waits for Graylog and its pack, keeps accesses apart, resumes the streams, and then starts the input', async () => {
    graylog.notUp = 1;
    graylog.notInstalled = 1;
    expect(await init()).toMatchObject({ code: 0, stderr: '' });
    expect(graylog.changes).toEqual([
      'POST /api/system/indices/index_sets',
      `PUT /api/streams/Acessos ${rev}`,
      ...TITLES.map((title) => `POST /api/streams/${title} ${rev}/resume`),
      `PUT /api/system/inputstates/GELF HTTP ${rev}`,
    ]);
    expect([...graylog.streams.values()].filter(({ disabled }) => disabled)).toEqual([]);
    expect(graylog.inputState).toBe('RUNNING');
  });

  it('keeps accesses for six months, a day an index', async () => {
    await init();
    expect(graylog.indexSets[1]).toMatchObject({
      index_prefix: 'paredao-acessos',
      rotation_strategy: { rotation_period: 'P1D', rotate_empty_index_set: true },
      retention_strategy: { max_number_of_indices: 184 },
    });
    expect(graylog.streams.get(`Acessos ${rev}`)).toMatchObject({
      index_set_id: 'made',
      remove_matches_from_default_stream: true,
      description: 'a text',
    });
    expect(graylog.streams.get(`Erros ${rev}`)?.index_set_id).toBe('default');
  });

  it('changes nothing the second time', async () => {
    await init();
    graylog.changes.length = 0;
    const stdout = `content pack revision ${rev} is installed, and all of it runs\n`;
    expect(await init()).toEqual({ code: 0, stdout, stderr: '' });
    expect(graylog.changes).toEqual([]);
  });

  it('takes another revision away first, whose input holds the port, and what is there twice', async () => {
    graylog.install(rev - 1);
    graylog.install(rev);
    expect(await init()).toMatchObject({ code: 0, stderr: '' });
    expect(graylog.changes.slice(0, 2).map((change) => change.split(' ')[0])).toEqual(['DELETE', 'DELETE']);
    expect(graylog.installations).toEqual([
      expect.objectContaining({ _id: 'installation-0', content_pack_revision: rev }),
    ]);
    expect(graylog.changes.filter((change) => change.includes(`${rev - 1}/resume`))).toEqual([]);
  });

  it.each([
    ['the pack is not installed', (): void => void (graylog.installations = []), /content pack .* to be installed/],
    [
      'only another revision is',
      (): void => void (graylog.installations[0]!.content_pack_revision = 0),
      /to be installed/,
    ],
    ['Graylog does not come up', (): void => void (graylog.notUp = 100), /waited 1 s for Graylog to be up: .*503/],
    ['the input fails', (): void => void (graylog.started = 'FAILED'), /waited 1 s for input GELF HTTP to run/],
  ])('says so, and fails, when %s', async (_what, spoil, complaint) => {
    spoil();
    expect(await init(IMPATIENT)).toMatchObject({ code: 1, stderr: expect.stringMatching(complaint) });
  });

  it('says what is wrong with a password, an address, a file', async () => {
    const wrong = join(temporaryDirectory(), 'password');
    writeFileSync(wrong, 'another');
    expect(await init(IMPATIENT, wrong)).toMatchObject({ code: 1, stderr: expect.stringContaining('401') });
    expect(await init(IMPATIENT, passwordFile, 'http://127.0.0.1:9/')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('Graylog to be up'),
    });
    expect((await init(IMPATIENT, '/nowhere')).code).toBe(1);
  });
});
