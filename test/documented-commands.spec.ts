import { expect, it } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { globSync, readFileSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';

import { needs } from './tools/needs.ts';

const DOCUMENTS = globSync(['*.md', 'docs/**/*.md', 'deploy/**/*.md']);
/** Options and the like whose value is a file or a folder that the command writes. */
const WRITES = /(?:--(?:out|html|to|report|data-dir)[ =]|\bDATA_DIR=|run backup -- |\s>(?=\w))([^\s`|)]+)/g;
/** What commands write when they are not told where. */
const BY_DEFAULT = ['paredao-1.ndjson.gz', 'paredao-all.ndjson.gz', 'paredao-1.csv.gz', 'data', 'witness/key.json'];
/** What is in every data directory, and a backup is one. */
const IN_DIRECTORIES = [
  'secrets.json',
  'users.json',
  'first-credentials.txt',
  'events.db',
  'events.db-wal',
  'read-model.db',
  'tiles.db',
];

/** Every path in the checkout that the commands of the documents write. */
function writtenPaths(): string[] {
  const named = DOCUMENTS.flatMap((path) =>
    [...readFileSync(path, 'utf8').matchAll(WRITES)].map(([, place = '']) => place),
  );
  // a placeholder stands for whatever somebody chooses
  const paths = [...named, ...BY_DEFAULT].filter((path) => !isAbsolute(path) && !path.startsWith('.'));
  return [...new Set(paths)].flatMap((path) =>
    path.includes('.')
      ? [path]
      : IN_DIRECTORIES.map((file) => join(path === path.toUpperCase() ? 'anywhere' : path, file)),
  );
}

needs('git')('what the documented commands leave in the checkout', () => {
  const paths = writtenPaths();

  it('is known', () => {
    expect(paths).toEqual(
      expect.arrayContaining(['report.html', 'poll.ndjson.gz', 'rehearsal/secrets.json', 'secrets.tar.gz']),
    );
  });

  it('is ignored by git, so that no key and no vote is committed', () => {
    const { stdout } = spawnSync('git', ['check-ignore', '--no-index', ...paths], { encoding: 'utf8' });
    expect(paths.filter((path) => !stdout.split('\n').includes(path))).toEqual([]);
  });

  it('is ignored by the formatter, so that `npm run check` passes', () => {
    const code = `
      import { getFileInfo } from 'prettier';
      const ignorePath = ['.gitignore', '.prettierignore'];
      const infos = await Promise.all(process.argv.slice(1).map((path) => getFileInfo(path, { ignorePath })));
      console.log(JSON.stringify(infos.map(({ ignored }) => ignored)));`;
    const { stdout } = spawnSync(process.execPath, ['--input-type=module', '--eval', code, ...paths], {
      encoding: 'utf8',
    });
    expect(paths.filter((_path, index) => !(JSON.parse(stdout) as boolean[])[index])).toEqual([]);
  });
});
