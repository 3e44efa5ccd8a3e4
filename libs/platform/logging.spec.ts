import { beforeEach, describe, expect, it } from '@jest/globals';
import { existsSync, mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { type Logger, pino } from 'pino';

import { LogStream } from './log-stream.ts';
import { loggerOptions } from './logging.ts';

let logFile: string;
let stream: LogStream;
let logger: Logger;

beforeEach(() => {
  logFile = join(mkdtempSync(join(tmpdir(), 'paredao-')), 'service.log');
  stream = new LogStream({ logFile });
  logger = pino(loggerOptions('command-api', 'trace'), stream);
});

/** The lines that reached the file, which is opened in the background. */
async function written(): Promise<Record<string, unknown>[]> {
  let text = '';
  for (let round = 0; round < 200 && text === ''; round++) {
    await delay(5);
    stream.flush();
    text = existsSync(logFile) ? readFileSync(logFile, 'utf8').trimEnd() : '';
  }
  return text.split('\n').map((line) => JSON.parse(line) as Record<string, unknown>);
}

describe('a line of the log', () => {
  it('is one JSON object with the fields of the original challenge', async () => {
    logger.info({ poll: '1' }, 'poll opened');

    expect(await written()).toEqual([
      {
        level: 'info',
        syslog: 6,
        asctime: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
        backend: 'command-api',
        poll: '1',
        mensagem: 'poll opened',
      },
    ]);
  });

  it('has its level by name, and as a severity of syslog', async () => {
    for (const level of ['fatal', 'error', 'warn', 'info', 'debug', 'trace'] as const) logger[level]('x');

    expect((await written()).map(({ level, syslog }) => [level, syslog])).toEqual([
      ['fatal', 2],
      ['error', 3],
      ['warn', 4],
      ['info', 6],
      ['debug', 7],
      ['trace', 7],
    ]);
  });

  it('stays one line, whatever is in it', async () => {
    logger.warn({ poll: 'a\nb\u2028"' }, 'um\ndois');

    expect(await written()).toMatchObject([{ poll: 'a\nb\u2028"', mensagem: 'um\ndois' }]);
  });

  it('has of an error its type, message, stack and code, and nothing that hangs on it', async () => {
    const error = Object.assign(new TypeError('no answer'), {
      code: 'ECONNREFUSED',
      options: { url: 'mongodb://u:p@h' },
    });
    logger.error({ err: error }, 'failed');

    const [line] = await written();
    expect(line?.['err']).toEqual({
      type: 'TypeError',
      message: 'no answer',
      stack: expect.stringContaining('logging.spec'),
      code: 'ECONNREFUSED',
    });
  });

  it('never holds a secret or a token', async () => {
    const secrets = { authorization: 's3', senha: 's3', password: 's3', token: 's3', altcha: 's3', cookie: 's3' };
    logger.info(secrets, 'x');
    logger.info({ headers: secrets }, 'x');

    expect(JSON.stringify(await written())).not.toContain('s3');
  });
});

describe('the stream of the log', () => {
  it('counts its lines by level, children’s as well', () => {
    logger.child({ context: 'http' }).debug('x');
    for (const level of ['fatal', 'error', 'warn', 'info', 'info', 'trace'] as const) logger[level]('x');

    expect(stream.lines).toEqual({ error: 2, warn: 1, info: 2, debug: 2 });
  });

  it('lets somebody hear of each line', async () => {
    const heard: string[] = [];
    stream.listen((level, line) => heard.push(`${level} ${(JSON.parse(line) as { mensagem: string }).mensagem}`));
    logger.error('one');
    logger.debug('two');

    expect(heard).toEqual(['error one', 'debug two']);
    expect(await written()).toHaveLength(2);
  });
});
