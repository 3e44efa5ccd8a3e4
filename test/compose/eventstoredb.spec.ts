import { describe, expect, it } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse, parseAllDocuments } from 'yaml';

import { temporaryDirectory } from '../support/server.ts';

type Variables = Readonly<Record<string, string>>;

interface Manifest {
  readonly kind: string;
  readonly spec: {
    readonly template: { readonly spec: { readonly containers: readonly { readonly env: readonly object[] }[] } };
  };
}

const MAIN = 'dist/test/eventstoredb-double/main.js';
/** A server that starts runs on; it is ended then. */
const START_LIMIT_MS = 10_000;
const REFUSAL = 'Cannot set default admin password';

const servicesOf = (file: string): Record<string, { environment: Variables }> =>
  (parse(readFileSync(file, 'utf8'), { merge: true }) as { services: Record<string, { environment: Variables }> })
    .services;

/** Starts the server by a script of ours, as far as its first line; the double has the rule of the real server. */
function start(
  script: string,
  environment: Variables,
  line = '26.0',
): { started: boolean; refused: boolean; passwords: string[]; complaint: string } {
  const folder = temporaryDirectory();
  mkdirSync(join(folder, 'secrets'));
  for (const user of ['admin', 'ops']) writeFileSync(join(folder, 'secrets', `${user}-password`), 'a-password');
  const server = `#!/bin/sh\nenv >'${folder}/environment'\n'${process.execPath}' ${MAIN} --line ${line} >'${folder}/serving' & wait_for=$!\n
    for try in $(seq 100); do test -s '${folder}/serving' && break; kill -0 $wait_for 2>/dev/null || break; sleep 0.1; done
    kill $wait_for 2>/dev/null; wait $wait_for; test -s '${folder}/serving'\n`;
  writeFileSync(join(folder, 'server'), server, { mode: 0o755 });
  const text = script
    .replaceAll('/run/paredao', join(folder, 'secrets'))
    .replaceAll('/opt/kurrentdb/KurrentDB', join(folder, 'server'));
  const env = { PATH: process.env['PATH'], ...environment };
  const { status, stderr } = spawnSync('sh', ['-c', text], { env, encoding: 'utf8', timeout: START_LIMIT_MS });
  const seen = readFileSync(join(folder, 'environment'), 'utf8');
  const passwords = seen.match(/_PASSWORD=.*/g) ?? [];
  return { started: status === 0, refused: stderr.includes(REFUSAL), passwords, complaint: stderr };
}

describe('EventStoreDB', () => {
  const ours = readFileSync('deploy/compose/eventstoredb.sh', 'utf8');
  const plain = 'exec /opt/kurrentdb/KurrentDB';

  it('starts without logins, as compose has it', () => {
    const { environment } = servicesOf('docker-compose.yml')['eventstoredb']!;
    expect(start(ours, environment)).toMatchObject({ started: true, refused: false, passwords: [] });
  });

  it('starts without logins, as Kubernetes has it', () => {
    const manifests = parseAllDocuments(readFileSync('deploy/kubernetes/overlays/single/eventstoredb.yaml', 'utf8'));
    const server = manifests.map((manifest) => manifest.toJS() as Manifest).find(({ kind }) => kind === 'StatefulSet')!;
    const variables = server.spec.template.spec.containers[0]!.env as readonly { name: string; value?: string }[];
    // a value from a Secret is one that is not the default
    const environment = Object.fromEntries(variables.map(({ name, value = 'from a secret' }) => [name, value]));
    expect(start(plain, environment)).toMatchObject({ started: true, refused: false });
  });

  it.each(['eventstoredb', 'eventstoredb-2', 'eventstoredb-3'])(
    'gives its users passwords as a cluster with logins: %s',
    (name) => {
      const environment = {
        ...servicesOf('docker-compose.yml')['eventstoredb']!.environment,
        ...servicesOf('docker-compose.cluster.yml')[name]!.environment,
      };
      // the double has no logins to be turned on: what it is given is looked at
      expect(start(ours, environment).passwords.sort()).toEqual(['_PASSWORD=a-password', '_PASSWORD=a-password']);
    },
  );

  it.each(['ADMIN', 'OPS'])('does not start without logins when it is given a password of %s', (user) => {
    expect(start(plain, { [`KURRENTDB_DEFAULT_${user}_PASSWORD`]: 'a-password' })).toMatchObject({
      started: false,
      refused: true,
    });
    expect(start(plain, { [`KURRENTDB_DEFAULT_${user}_PASSWORD`]: 'changeit' })).toMatchObject({ started: true });
  });

  it('does not start with these files in a line that does not know their variables', () => {
    const { environment } = servicesOf('docker-compose.yml')['eventstoredb']!;
    expect(start(ours, environment, '24.10')).toMatchObject({
      started: false,
      complaint: expect.stringContaining('SecondaryIndexing'),
    });
  });

  it('says which line these files are for where the image has another program', () => {
    const { status, stderr } = spawnSync('sh', ['-c', ours], { encoding: 'utf8', timeout: START_LIMIT_MS });
    expect(status).toBe(1);
    expect(stderr).toContain('these files are for its line 26.0 (docs/operations.md, The event store)');
    expect(readFileSync('docs/operations.md', 'utf8')).toContain('\n## The event store\n');
  });
});
