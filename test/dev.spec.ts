import { expect, it } from '@jest/globals';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';

import { freePort } from '../bench/lib/server.ts';
import { eventually } from './support/eventually.ts';
import { temporaryDirectory } from './support/server.ts';

const START_LIMIT_MS = 90_000;
const PAGES = /Local: +(http:\S+)/;

it('`npm run dev` serves the pages, and the service behind them on the port that was asked for', async () => {
  const dataDir = temporaryDirectory();
  const env = { ...process.env, DATA_DIR: join(dataDir, 'data'), PORT: String(await freePort()), METRICS_PORT: '0' };
  const child = spawn(process.execPath, ['scripts/dev.mjs'], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => (output += text));
  const ended = once(child, 'close');
  const statusOf = async (origin = ''): Promise<string | number> =>
    fetch(new URL('/paredao', origin)).then(
      ({ status }) => status,
      () => 0,
    );
  try {
    // the poll for trials is a decision in the log: the thread that writes it has answered
    await eventually(
      () => statusOf(`http://127.0.0.1:${env.PORT}`),
      (status) => status === 200,
      START_LIMIT_MS,
    );
    const pages = await eventually(
      () => PAGES.exec(stripVTControlCharacters(output))?.[1],
      (origin) => origin !== undefined,
    );
    expect(await statusOf(pages)).toBe(200);
    expect(existsSync(join(env.DATA_DIR, 'events.db'))).toBe(true);
  } catch (error) {
    throw new Error(`${(error as Error).message}\n${output}`, { cause: error });
  } finally {
    child.kill('SIGTERM');
    await ended;
  }
}, 120_000);
