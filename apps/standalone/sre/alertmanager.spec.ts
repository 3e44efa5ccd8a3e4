import { afterEach, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { type RequestListener, type Server, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

import { readEnvironment } from '#platform';

import { type LogLine, recordingLogger } from '../../../libs/platform/testing/recording-logger.ts';
import { eventually } from '../../../test/support/eventually.ts';
import { Alertmanager } from './alertmanager.ts';

let server: Server | undefined;
let lines: LogLine[];
const asked: string[] = [];

afterEach(() => {
  server?.close();
  server?.closeAllConnections();
  server = undefined;
  asked.length = 0;
});

async function start(listener: RequestListener, login = ''): Promise<Alertmanager> {
  server = createServer((request, response) => {
    asked.push(`${request.url ?? ''} ${request.headers.authorization ?? '-'}`);
    listener(request, response);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return alertmanager(`http://${login}127.0.0.1:${String(port)}/prefix`);
}

function alertmanager(url?: string): Alertmanager {
  const recording = recordingLogger();
  ({ lines } = recording);
  return new Alertmanager(readEnvironment({}, url === undefined ? {} : { ALERTMANAGER_URL: url }), recording.logger);
}

const ALERT = {
  labels: { alertname: 'DiskFilling', severity: 'critical' },
  annotations: { summary: 'The disk fills up', description: 'x'.repeat(900) },
  startsAt: '2026-11-24T22:00:00.5Z',
};

describe('Alertmanager', () => {
  it('is not asked where there is none', () => {
    const none = alertmanager();

    expect([none.firing(), none.state]).toEqual([[], 'ausente']);
  });

  it('is asked in the background, with its login, at most every few seconds', async () => {
    const there = await start((_request, response) => response.end(JSON.stringify([ALERT, {}])), 'ana:se%40gredo@');

    expect(there.firing()).toEqual([]);
    const [alert, other] = await eventually(
      () => there.firing(),
      ({ length }) => length === 2,
    );
    expect(alert).toMatchObject({
      nome: 'DiskFilling',
      gravidade: 'critical',
      desde_em: '2026-11-24T22:00:00.500Z',
      resumo: 'The disk fills up',
    });
    expect(alert?.descricao).toHaveLength(500);
    expect(other).toMatchObject({ nome: '', gravidade: 'warning' });
    expect(there.state).toBe('responde');
    const login = Buffer.from('ana:se@gredo').toString('base64');
    expect(asked).toEqual([`/prefix/api/v2/alerts?active=true&silenced=false&inhibited=false Basic ${login}`]);
  });

  it.each<[string, RequestListener]>([
    ['an error', (_request, response) => response.writeHead(500).end()],
    ['no list', (_request, response) => response.end('{"a":1}')],
    ['half a list', (_request, response) => response.end('[{')],
  ])('is silent when it answers %s, and the log says so once', async (_what, listener) => {
    const broken = await start(listener);
    broken.firing();
    await eventually(
      () => broken.state,
      (state) => state === 'calado',
    );

    expect(broken.firing()).toEqual([]);
    expect(lines).toMatchObject([{ level: 'warn', message: 'Alertmanager does not answer' }]);
  });
});
