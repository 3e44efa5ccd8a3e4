import { beforeEach, expect, it, jest } from '@jest/globals';

import type { LogLevel } from '#contract';
import type { LogStream } from '#platform';

import { RecentLines } from './recent-lines.ts';

let write: (level: LogLevel, line: string) => void;
let events: RecentLines;

beforeEach(() => {
  const listen: LogStream['listen'] = (listener) => (write = listener);
  events = new RecentLines({ listen } as LogStream);
});

const log = (level: LogLevel, mensagem: string, fields = {}): void => {
  const line = { level, syslog: 6, asctime: '2026-11-24T22:00:00.000Z', backend: 'standalone', ...fields, mensagem };
  write(level, `${JSON.stringify(line)}\n`);
};

it('has the lines in their order, with what each says beside the usual', () => {
  log('info', 'um', { context: 'http', route: '/total' });
  log('error', 'dois');

  expect(events.since()).toEqual([
    {
      numero: 1,
      nivel: 'info',
      registrado_em: '2026-11-24T22:00:00.000Z',
      origem: 'http',
      mensagem: 'um',
      dados: { route: '/total' },
    },
    {
      numero: 2,
      nivel: 'error',
      registrado_em: '2026-11-24T22:00:00.000Z',
      origem: 'standalone',
      mensagem: 'dois',
      dados: {},
    },
  ]);
});

it('keeps the last hundred of each level: a flood washes no error away', () => {
  log('error', 'kept');
  for (let line = 0; line < 1000; line++) log('debug', `debug ${String(line)}`);

  const found = events.since();
  expect(found).toHaveLength(101);
  expect(found[0]).toMatchObject({ mensagem: 'kept' });
  expect(found.at(-1)).toMatchObject({ mensagem: 'debug 999', numero: 1001 });
});

it('knows which are of the last seconds', () => {
  jest.useFakeTimers();
  log('info', 'old');
  jest.advanceTimersByTime(5000);
  log('info', 'new');

  expect(events.since(3)).toMatchObject([{ mensagem: 'new' }]);
  jest.useRealTimers();
});

it('leaves out the fields of a line that is too long to send every second', () => {
  log('error', 'long', { stack: 'x'.repeat(10_000) });

  expect(events.since()).toMatchObject([{ mensagem: 'long', dados: {} }]);
});
