import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';

import type { Client } from '../support/client.ts';
import { eventually } from '../support/eventually.ts';
import { temporaryDirectory } from '../support/server.ts';
import { Nginx, describeWithNginx } from './nginx.ts';
import { StubApi, breaks, takes } from './stub-api.ts';

interface Line {
  readonly asctime: string;
  readonly request_time: number;
  readonly duration_ms: number;
  readonly upstream_response_time: string;
}

const TEN_MINUTES_MS = 600_000;

/** As docker-compose.yml has it, but for the folder. */
const inFiles = readFileSync('deploy/compose/access-log.conf', 'utf8').replace('/var/log/paredao', 'run');

/** The name of the file of a time, in local time as nginx has it. */
const fileOf = (time: number): string => {
  const local = new Date(time - new Date(time).getTimezoneOffset() * 60_000);
  return `nginx-${local.toISOString().slice(0, '2026-11-24T02:1'.length).replace(':', '')}0.log`;
};

describeWithNginx('the access log on the volume of the logs', () => {
  let api: StubApi;
  let nginx: Nginx;
  let client: Client;

  beforeAll(async () => {
    api = await StubApi.start();
    // nginx writes no line to a file named by a variable when the folder of the pages is missing
    const pages = temporaryDirectory();
    nginx = await Nginx.start({ commandApis: [api.port], queryApis: [api.port], accessLog: inFiles, pages });
    client = nginx.client();
  });

  afterAll(async () => {
    client.close();
    await nginx.stop();
    await api.stop();
  });

  /** The lines of these ten minutes and those before: they may have just begun. */
  const lines = (): Line[] =>
    [TEN_MINUTES_MS, 0]
      .flatMap((ago) => nginx.accessLog(fileOf(Date.now() - ago)))
      .map((line) => JSON.parse(line) as Line);

  const lastLine = (count: number): Promise<Line> =>
    eventually(lines, ({ length }) => length >= count).then((all) => all.at(-1)!);

  it('has a file for ten minutes, and each line what every service’s line has', async () => {
    api.behaviour = takes;
    const before = Date.now();
    await client.get('/resultado');
    const line = await lastLine(1);
    expect(line).toMatchObject({
      backend: 'nginx',
      level: 'info',
      syslog: 6,
      mensagem: 'GET /resultado 201',
      method: 'GET',
      route: '/resultado',
      status: 201,
      request_id: expect.stringMatching(/^[0-9a-f]{32}$/),
    });
    expect(line.asctime).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}[+-]\d\d:\d\d$/);
    expect(Date.parse(line.asctime)).toBeGreaterThanOrEqual(before);
    expect(Date.parse(line.asctime)).toBeLessThanOrEqual(Date.now());
    expect(line.duration_ms).toBe(Math.round(line.request_time * 1000));
  });

  it('warns of refusals, and calls faults errors', async () => {
    await client.get('/nada');
    expect(await lastLine(2)).toMatchObject({ status: 404, level: 'warn', syslog: 4 });
    api.behaviour = breaks;
    await client.get('/total');
    expect(await lastLine(3)).toMatchObject({ level: 'error', syslog: 3 });
  });

  it('has milliseconds of any length', async () => {
    api.behaviour = (request, response) => setTimeout(() => takes(request, response), 1100);
    await client.get('/resultado');
    const line = await lastLine(4);
    expect(line.duration_ms).toBeGreaterThanOrEqual(1100);
    expect(line.duration_ms).toBe(Math.round(line.request_time * 1000));
    expect(line.upstream_response_time).toMatch(/^1\.\d{3}$/);
  });

  it.each(['/votar/1', '/%76otar/1'])('has the milliseconds of %s too: no address stands beside them', async (path) => {
    const count = lines().length + 1;
    await client.call('POST', path, { json: { altcha: 'x' } });
    const line = await lastLine(count);
    expect(line.duration_ms).toBeGreaterThanOrEqual(1100);
    expect(line.upstream_response_time).toMatch(/^1\.\d{3}$/);
    expect(line).toMatchObject({ remote_addr: '', body_bytes_sent: 0 });
  });
});
