import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';

import { Client } from '../support/client.ts';
import { needs } from '../tools/needs.ts';
import { Engine } from './engine.ts';
import { Poll } from './poll.ts';
import { Stack } from './stack.ts';

const PREPARATION_LIMIT_MS = 40 * 60_000;
const SLOW = 20 * 60_000;
const FIRST_CREDENTIALS = /^ +(\w+) +(\S+)$/gm;

let engine: Engine;
let stack: Stack;
let client: Client;
const closing: (() => Promise<void> | void)[] = [];
let poll: Poll;

needs('engine')('the stack of docker-compose.yml, on an engine', () => {
  beforeAll(async () => {
    engine = await Engine.start();
    closing.push(() => engine.stop());
    stack = await Stack.clone(engine);
    closing.push(() => stack.remove());
    closing.push(() => stack.tellLeft());
    // what a deployment may set; everything else is as it comes
    writeFileSync(join(stack.folder, '.env'), 'HUMAN_CHECK_DIFFICULTY=2000\nPAREDAO_VERSION=test\n');
  }, PREPARATION_LIMIT_MS);

  afterAll(async () => {
    for (const close of closing.reverse()) await close();
  }, SLOW);

  it(
    'builds and comes up on a host where nothing is',
    async () => {
      await stack.documented('docker compose up -d');
      const containers = await stack.healthy();
      const running = containers.filter(({ state }) => state === 'running').map(({ service }) => service);
      expect(running.sort()).toEqual(
        [
          'audit-api',
          'command-api',
          'command-api',
          'eventstoredb',
          'log-keeper',
          'mongo',
          'nginx',
          'projector',
          'projector',
          'query-api',
        ].sort(),
      );
    },
    PREPARATION_LIMIT_MS,
  );

  it(
    'shows the first passwords once, and takes votes through nginx that are counted',
    async () => {
      const SHOW = 'docker compose run --rm secrets cat /secrets/operator/first-credentials.txt';
      const { output } = await stack.documented(SHOW);
      await stack.documented(`${SHOW}\n`);
      const passwords = Object.fromEntries(
        [...output.matchAll(FIRST_CREDENTIALS)].map(([, user = '', text = '']) => [user, text]),
      );
      expect(Object.keys(passwords).sort()).toEqual(['admin', 'auditor', 'producao', 'sre']);
      client = new Client(await stack.door(), passwords);
      closing.push(() => client.close());
      poll = await Poll.open(client);
      for (const participant of [1, 2, 1]) await poll.vote(participant);
      await poll.expectEveryVote();
    },
    SLOW,
  );

  it(
    'is audited and exported, though no program can write into its container',
    async () => {
      const { output } = await stack.documented(
        'docker compose run --rm --no-deps audit-api node dist/apps/cli/audit.js --html',
      );
      expect(output).toMatch(/Votos contados +3$/m);
      expect(output).toContain('✔ A recontagem independente (SQL) chega ao mesmo resultado');
      expect(readFileSync(join(stack.folder, 'report.html'), 'utf8')).toContain('</html>');
      expect(gunzipSync(readFileSync(join(stack.folder, 'poll.ndjson.gz'))).toString()).toContain('"VoteCast"');
      const refused = await engine.run('docker compose run --rm --no-deps audit-api node dist/apps/cli/export.js', {
        cwd: stack.folder,
      });
      expect(refused.code).toBe(2);
      expect(refused.output).toMatch(/cannot be written to/);
      expect(refused.output).not.toMatch(/EROFS|^ +at /m);
    },
    SLOW,
  );

  it(
    'lets the operator look after users, keys and the read model',
    async () => {
      await stack.documented('docker compose run --rm -e DATA_DIR=/secrets/app secrets node dist/apps/cli/user.js …', {
        '…': 'list',
      });
      await stack.documented(
        'docker compose run --rm -e DATA_DIR=/secrets/app secrets node dist/apps/cli/password.js',
        { '<user>': 'auditor' },
      );
      await stack.documented(
        'docker compose run --rm -e DATA_DIR=/secrets/app secrets node dist/apps/cli/rotate-secrets.js',
      );
      await stack.documented('docker compose run --rm --no-deps projector node dist/apps/cli/rebuild.js');
      await poll.vote();
      await poll.expectEveryVote();
    },
    SLOW,
  );

  it(
    'says how it is',
    async () => {
      await stack.documented('docker compose ps');
      expect(
        (await stack.documented("docker compose exec log-keeper sh -c 'tail -f", { 'tail -f': 'tail -n 1' })).output,
      ).toContain('"backend"');
      await stack.documented('docker compose logs log-keeper');
      const busy = await stack.documented('docker compose exec --index 1 -e PASSWORD=… command-api', {
        'PASSWORD=…': `PASSWORD=${client.passwordOf('sre')}`,
      });
      expect(busy.output).toContain('"redes":[]');
      await stack.documented('docker compose build nginx');
    },
    SLOW,
  );
});
