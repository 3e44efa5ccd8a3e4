import { expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';

import { SLOW, type Site } from './site.ts';

const USERS = 'docker compose run --rm -e DATA_DIR=/secrets/app secrets node dist/apps/cli';
const PROFILES = 'docker compose --profile logging --profile monitoring up -d\n';
/** Of every secret: its content, its owner and its mode. */
const LIST_SECRETS =
  'docker compose run --rm -T secrets sh -c \'cd /secrets && find . -type f | sort | xargs cksum && find . -printf "%p %u %m\\n" | sort\'';

async function auditAndExport({ stack }: Site): Promise<void> {
  const { output } = await stack.documented(
    'docker compose run --rm --no-deps audit-api node dist/apps/cli/audit.js --html',
  );
  expect(output).toMatch(/Votos contados +\d+$/m);
  expect(output).toContain('✔ A recontagem independente (SQL) chega ao mesmo resultado');
  expect(readFileSync(join(stack.folder, 'report.html'), 'utf8')).toContain('</html>');
  expect(gunzipSync(readFileSync(join(stack.folder, 'poll.ndjson.gz'))).toString()).toContain('"VoteCast"');
  for (const command of ['export.js', 'audit.js --html report.html']) {
    const refused = await stack.run(`docker compose run --rm --no-deps audit-api node dist/apps/cli/${command}`);
    expect({ command, code: refused.code }).toEqual({ command, code: 2 });
    expect(refused.output).toMatch(/cannot be written to/);
    expect(refused.output).not.toMatch(/EROFS|^ +at /m);
  }
}

async function lookAfterUsers({ stack }: Site): Promise<void> {
  expect((await stack.documented(`${USERS}/user.js …`, { '…': 'list' })).output).toContain('auditor');
  await stack.documented(`${USERS}/password.js`, { '<user>': 'auditor' });
}

async function sayHowItIs({ stack, client }: Site): Promise<void> {
  await stack.documented('docker compose ps');
  const TAIL = "docker compose exec log-keeper sh -c 'tail -f";
  expect((await stack.documented(TAIL, { 'tail -f': 'tail -n 1' })).output).toContain('"backend"');
  await stack.documented('docker compose logs log-keeper');
  const busy = await stack.documented('docker compose exec --index 1 -e PASSWORD=… command-api', {
    'PASSWORD=…': `PASSWORD=${client.passwordOf('sre')}`,
  });
  expect(busy.output).toContain('"redes":[]');
}

/** Beside this stack, on volumes of another one. */
async function backUpSecrets({ stack }: Site): Promise<void> {
  const elsewhere = { 'docker compose': 'docker compose --project-name paredao-restored' };
  const inCopy = (script: string) => stack.expectDone(script.replaceAll(...Object.entries(elsewhere)[0]!));
  await stack.documented('docker compose run --rm -T secrets sh -c');
  await stack.documented('docker compose run --rm -T secrets tar', elsewhere);
  await inCopy('docker compose run --rm secrets');
  const [ours, restored] = [await stack.expectDone(LIST_SECRETS), await inCopy(LIST_SECRETS)];
  expect(restored.output).toContain('./app/users.json');
  expect(restored.output).toBe(ours.output);
  await inCopy('docker compose down --volumes');
}

/** What an operator does on a day when nothing breaks. */
export function isOperated(site: Site): void {
  it(
    'is audited and exported, though no program can write into its container, while Graylog and Grafana come up',
    async () => {
      const { stack } = site;
      const core = new Set((await stack.containers()).map(({ service }) => service));
      await Promise.all([stack.documented(PROFILES), auditAndExport(site)]);
      await stack.expectDone('docker compose --profile tools up -d');
      await stack.healthy();
      expect((await stack.documented('docker compose up --no-deps graylog-init')).output).toMatch(/content pack/i);
      await stack.documented('docker compose logs graylog-init');
      await stack.documented('docker compose ps fluent-bit graylog opensearch');
      const added = (await stack.restarts()).filter(({ service }) => !core.has(service));
      expect(added.length).toBeGreaterThan(10);
      expect(added.filter(({ times }) => times > 0)).toEqual([]);
    },
    SLOW,
  );

  it(
    'rebuilds the read model, and lets the operator look after users, secrets and numbers',
    async () => {
      await Promise.all([
        site.stack.documented('docker compose run --rm --no-deps projector node dist/apps/cli/rebuild.js'),
        lookAfterUsers(site).then(() => backUpSecrets(site)),
        sayHowItIs(site),
      ]);
      await site.poll.vote();
      await site.poll.expectEveryVote();
    },
    SLOW,
  );
}
