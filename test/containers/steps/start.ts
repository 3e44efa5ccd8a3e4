import { expect, it } from '@jest/globals';

import { Client } from '../../support/client.ts';
import { eventually } from '../../support/eventually.ts';
import { expectProblem } from '../../support/problem.ts';
import { Poll } from '../poll.ts';
import { SLOW, type Site } from './site.ts';

const FIRST_CREDENTIALS = /^ +(\w+) +(\S+)$/gm;
/** The exit code of what did not end in its time. */
const KILLED = '137';
const NGINX_LIMIT_MS = 30_000;

/** From a host where nothing is to a poll that is voted in; a stop, and a start. */
export function starts(site: Site): void {
  it(
    'builds and comes up on a host where nothing is',
    async () => {
      await site.stack.documented('docker compose up -d');
      const containers = await site.stack.healthy();
      const running = containers.filter(({ state }) => state === 'running').map(({ service }) => service);
      expect(running.sort()).toEqual([
        ...['audit-api', 'command-api', 'command-api', 'eventstoredb', 'log-keeper'],
        ...['mongo', 'nginx', 'projector', 'projector', 'query-api'],
      ]);
    },
    2 * SLOW,
  );

  it(
    'shows the first passwords once, and takes votes through nginx that are counted',
    async () => {
      const SHOW = 'docker compose run --rm secrets cat /secrets/operator/first-credentials.txt';
      const { output } = await site.stack.documented(SHOW);
      await site.stack.documented(`${SHOW}\n`);
      const passwords = Object.fromEntries(
        [...output.matchAll(FIRST_CREDENTIALS)].map(([, user = '', text = '']) => [user, text]),
      );
      expect(Object.keys(passwords).sort()).toEqual(['admin', 'auditor', 'producao', 'sre']);
      site.client = new Client(await site.stack.door(), passwords);
      site.closing.push(() => {
        site.client.close();
      });
      site.poll = await Poll.open(site.client);
      for (const participant of [1, 2, 1]) await site.poll.vote(participant);
      await site.poll.expectEveryVote();
    },
    SLOW,
  );

  it(
    'stops within the grace of each, opens the door with nobody behind it, and finds the others as they come',
    async () => {
      const { stack, client, poll } = site;
      await stack.documented(
        'docker compose run --rm -e DATA_DIR=/secrets/app secrets node dist/apps/cli/rotate-secrets.js',
      );
      await stack.expectDone('docker compose stop');
      expect((await stack.containers()).filter(({ code }) => code === KILLED)).toEqual([]);
      await stack.documented('docker compose up -d --no-deps nginx');
      const running = (await stack.containers()).filter(({ state }) => state === 'running');
      expect(running.map(({ service }) => service)).toEqual(['nginx']);
      await eventually(
        () => client.get('/').then(({ status }) => status, String),
        (status) => status === 200,
        NGINX_LIMIT_MS,
      );
      for (const path of ['/desafio', '/resultado', '/auditoria/paredoes']) {
        const answer = await client.get(path);
        expectProblem(answer, 503, 'shutting-down');
        expect(answer.headers['retry-after']).toBe('2');
      }
      await Promise.all([stack.expectDone('docker compose start'), poll.vote()]);
      await stack.healthy();
      await poll.expectEveryVote();
    },
    SLOW,
  );
}
