import { beforeAll, describe, expect, it } from '@jest/globals';
import { execFile } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

import type { VoteAnswer } from '../libs/contract/index.ts';
import type { Client } from './support/client.ts';
import { eventually } from './support/eventually.ts';
import { Server, temporaryDirectory } from './support/server.ts';

/** A poll is cut 16 s after its closing. */
const CUT_LIMIT_MS = 30_000;

const run = promisify(execFile);
const directory = temporaryDirectory();

/** The scripts of the document by name, as a reader copies them. */
const scripts = new Map(
  [...readFileSync('docs/api.md', 'utf8').matchAll(/^```js (\S+)\n(.*?)^```$/gms)].map(
    ([, name = '', code = '']) => [name, code] as const,
  ),
);

let client: Client;

beforeAll(async () => {
  client = (await Server.start()).client();
});

/** What a script prints, line by line. */
async function printed(name: string, env: Record<string, string> = {}): Promise<string[]> {
  const path = join(directory, name);
  writeFileSync(path, scripts.get(name) ?? '');
  const PASSWORD = client.passwordOf('producao');
  const { stdout } = await run(process.execPath, [path], {
    env: { SERVICE: `http://127.0.0.1:${client.port}`, PASSWORD, ...env },
    timeout: 30_000,
  });
  return stdout.trimEnd().split('\n');
}

describe('the scripts of docs/api.md', () => {
  it('are all run here', () => {
    expect([...scripts.keys()]).toEqual(['vote.mjs', 'total.mjs', 'follow.mjs', 'sign.mjs']);
  });

  it('cast a vote that counts', async () => {
    const [line = ''] = await printed('vote.mjs', { PARTICIPANT: '2' });
    const { voto } = JSON.parse(line.replace(/^201 /, '')) as VoteAnswer;
    expect(voto).toMatchObject({ paredao: '1', participante: 2 });
    const { json } = await client.get(`/resultado?desde=${voto.posicao}`);
    expect(json).toMatchObject({ inclui_seu_voto: true });
  });

  it('read the totals', async () => {
    const { por_participante, por_hora } = await client.total();
    expect(await printed('total.mjs')).toEqual([
      `${por_participante[0].nome} 0 0 %`,
      `${por_participante[1].nome} 1 100 %`,
      `${por_hora[0].hora} 1`,
      '1 votes in the last hour',
    ]);
  });

  it('follow the live stream', async () => {
    const lines = await printed('follow.mjs', { FRAMES: '2' });
    expect(lines).toEqual([expect.stringMatching(/^\S+Z 1$/), expect.stringMatching(/^\S+Z 1$/)]);
    expect(lines[0]).not.toBe(lines[1]);
  });

  it('have a closed poll audited, and sign', async () => {
    expect((await client.admin('POST', '/paredoes/1/encerrar')).status).toBe(200);
    await eventually(
      () => client.total('1'),
      ({ final }: { final: boolean }) => final,
      CUT_LIMIT_MS,
    );
    const [line] = await printed('sign.mjs', { PASSWORD: client.passwordOf('auditor') });
    expect(line).toMatch(/^200 confere v2-[0-9a-f]{64}@\d+\+2$/);
    await eventually(
      () => client.total('1'),
      ({ estado }: { estado: string }) => estado === 'conferido',
    );
  }, 90_000);
});
