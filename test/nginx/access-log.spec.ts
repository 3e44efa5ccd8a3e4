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
}

const HOUR_MS = 3_600_000;
/** nginx looks at the clock now and then. */
const CLOCK_MS = 1000;

/** As docker-compose.yml has it, but for the folder. */
const hourly = readFileSync('deploy/compose/access-log.conf', 'utf8').replace('/var/log/paredao', 'run');

/** The local hour as nginx has it in its times. */
const hourOf = (time: number): string => {
  const local = new Date(time - new Date(time).getTimezoneOffset() * 60_000);
  return local.toISOString().slice(0, '2026-11-24T02'.length);
};

describeWithNginx('the access log on the volume of the logs', () => {
  let api: StubApi;
  let nginx: Nginx;
  let client: Client;

  beforeAll(async () => {
    api = await StubApi.start();
    // nginx writes no line to a file named by a variable when the folder of the pages is missing
    const pages = temporaryDirectory();
    nginx = await Nginx.start({ commandApis: [api.port], queryApis: [api.port], accessLog: hourly, pages });
    client = nginx.client();
  });

  afterAll(async () => {
    client.close();
    await nginx.stop();
    await api.stop();
  });

  /** The lines of this hour and the one before: it may have just begun. */
  const lines = (): Line[] =>
    [HOUR_MS, 0]
      .flatMap((ago) => nginx.accessLog(`nginx-${hourOf(Date.now() - ago)}.log`))
      .map((line) => JSON.parse(line) as Line);

  const lastLine = (count: number): Promise<Line> =>
    eventually(lines, ({ length }) => length >= count).then((all) => all.at(-1)!);

  it('has a file for each hour, and each line what every service’s line has', async () => {
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
    expect(Date.parse(line.asctime)).toBeGreaterThan(before - CLOCK_MS);
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
    expect(line.duration_ms).toBeGreaterThanOrEqual(1000);
    expect(line.duration_ms).toBe(Math.round(line.request_time * 1000));
  });
});
