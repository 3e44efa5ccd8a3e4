import { expect, it, test } from '@jest/globals';
import { readFileSync } from 'node:fs';

const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };

/** What names the release, and how often. */
const NAMED: readonly (readonly [path: string, named: RegExp, times: number])[] = [
  ['package-lock.json', /^ {2,6}"version": "(.+)"/gm, 2],
  ['CHANGELOG.md', /^## (\d.*)$/gm, 1],
  ['docker-compose.yml', /PAREDAO_VERSION:-([^}]+)\}/g, 2],
  ['docker-compose.cluster.yml', /PAREDAO_VERSION:-([^}]+)\}/g, 1],
  ['deploy/ansible/roles/paredao/defaults/main.yml', /^paredao_release: (.+)$/gm, 1],
  ['deploy/kubernetes/base/kustomization.yaml', /newTag: ([^ }]+)/g, 2],
  ['deploy/kubernetes/overlays/production/kustomization.yaml', /newTag: ([^ }]+)/g, 2],
  ['deploy/kubernetes/README.md', /-t paredao\/\w+:(\S+)/g, 2],
];

test.each(NAMED)('%s names the version of package.json', (path, named, times) => {
  const found = [...readFileSync(path, 'utf8').matchAll(named)].map(([, name]) => name).slice(0, times);

  expect(found).toEqual(Array(times).fill(version));
});

it('is a version that a tag can name', () => {
  expect(version).toMatch(/^\d+\.\d+\.\d+$/);
});
