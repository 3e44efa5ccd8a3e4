import { expect, it } from '@jest/globals';

import { Server } from './support/server.ts';

/** As every line has it, so that Graylog shows it at the level that it is. */
const LINE = {
  level: 'fatal',
  syslog: 2,
  backend: 'query-api',
  asctime: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]{12}Z$/),
};

it('a service that cannot start says so in its log file, too', async () => {
  const server = await Server.launch({ program: 'query-api', env: { LOG_LEVEL: 'loud' } });
  expect(await server.exited).toMatchObject({ code: 1 });
  expect(server.output).toMatch(/^query-api cannot start: LOG_LEVEL=loud: /);
  expect(server.log()).toMatchObject([
    { ...LINE, mensagem: 'cannot start', err: { message: expect.stringMatching(/^LOG_LEVEL=loud: /) } },
  ]);
});

it.each([
  ['an error that nobody caught', 'setTimeout(() => { throw new Error("boom") }, 3000)'],
  ['a promise that nobody waited for', 'setTimeout(() => Promise.reject(new Error("boom")), 3000)'],
])('a service that %s ends leaves a line', async (_what, code) => {
  const NODE_OPTIONS = `--import data:text/javascript,${encodeURIComponent(code)}`;
  const server = await Server.launch({ program: 'query-api', env: { NODE_OPTIONS } });
  expect(await server.exited).toMatchObject({ code: 1 });
  expect(server.output).toMatch(/boom/);
  // while it still starts, a line that waited may come behind
  const line = server.log().find(({ level }) => level === 'fatal');
  expect(line).toMatchObject({ ...LINE, mensagem: 'crashed', err: { message: 'boom', stack: expect.any(String) } });
});
