import { beforeAll, describe, expect, it } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { chmodSync, chownSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { temporaryDirectory } from '../support/server.ts';

const NODES = ['eventstoredb', 'eventstoredb-2', 'eventstoredb-3'];
/** Whom the service runs as: somebody whom a read-only file stops. */
const USER = 1000;

/** As es-gencert-cli 1.0.2: it refuses a folder that is there, says so, and ends with 0; what it writes is read-only. */
const TOOL = `#!/bin/bash
out=; kind=$1
while (($#)); do [[ $1 == -out ]] && out=$2; shift; done
mkdir "$out" || { echo "output directory: $out already exists" >&2; exit 0; }
[[ $kind == create-ca ]] && name=ca || name=node
echo "$RANDOM$RANDOM" >"$out/$name.crt"
echo "$RANDOM$RANDOM" >"$out/$name.key"
chmod 0444 "$out/$name.crt"
chmod 0400 "$out/$name.key"
`;

describe('the certificates of the cluster', () => {
  const root = temporaryDirectory();
  const make = (): void => {
    const script = readFileSync('deploy/compose/certificates.sh', 'utf8').replaceAll(
      /(?<=[\s="])\/(authority|nodes|secrets)/g,
      `${root}/$1`,
    );
    const asUser = process.getuid?.() === 0 ? { uid: USER, gid: USER } : {};
    const env = { PATH: `${root}/bin:${process.env['PATH'] ?? ''}` };
    const { status, stderr } = spawnSync('bash', ['-c', script], { cwd: root, env, encoding: 'utf8', ...asUser });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  };
  const read = (...path: string[]): string => readFileSync(join(root, ...path), 'utf8');
  const all = (): string[] => NODES.map((node) => read('nodes', node, 'node.key'));

  beforeAll(() => {
    for (const folder of ['bin', 'authority', 'nodes', 'secrets/app'])
      mkdirSync(join(root, folder), { recursive: true });
    writeFileSync(join(root, 'bin/es-gencert-cli'), TOOL);
    chmodSync(join(root, 'bin/es-gencert-cli'), 0o755);
    chmodSync(root, 0o755);
    if (process.getuid?.() === 0)
      for (const folder of ['authority', 'nodes', 'secrets/app']) chownSync(join(root, folder), USER, USER);
    make();
  });

  it('are one for each node, and the authority’s own for those who must believe it', () => {
    expect(new Set(all()).size).toBe(NODES.length);
    const authority = read('authority/ca/ca.crt');
    expect([read('nodes/ca/ca.crt'), read('secrets/app/eventstore-ca.crt')]).toEqual([authority, authority]);
    expect(readdirSync(join(root, 'nodes/ca'))).toEqual(['ca.crt']);
  });

  it('are made once: another start changes nothing', () => {
    const before = [...all(), read('authority/ca/ca.crt')];
    make();
    expect([...all(), read('authority/ca/ca.crt')]).toEqual(before);
  });

  it('are made where a start was broken off', () => {
    rmSync(join(root, 'nodes/eventstoredb-2/node.key'));
    make();
    expect(read('nodes/eventstoredb-2/node.key')).not.toBe('');
  });
});
