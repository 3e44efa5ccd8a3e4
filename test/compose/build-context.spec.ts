import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';

import { BuildContext } from './build-context.ts';

const context = new BuildContext();
const DOCKERFILE = readFileSync('Dockerfile', 'utf8');
const { dependencies } = JSON.parse(readFileSync('package.json', 'utf8')) as { dependencies: Record<string, string> };

/** What the image has of the build: `dist/apps` and so on. */
const copied = [...DOCKERFILE.matchAll(/^COPY --from=build \/app\/(\S+) /gm)].map(([, path = '']) => path);
const sourceOf = (built: string): string => built.replace(/^dist\//, '').replace(/\.js$/, '.ts');
/** Everything that a compose file, a manifest or a document runs with Node in a container. */
const programs = [
  ...new Set(
    [
      ...[
        'docker-compose.yml',
        'README.md',
        'docs/operations.md',
        'docs/audit.md',
        'deploy/kubernetes/base/command-api.yaml',
      ],
      ...[
        'deploy/kubernetes/base/projector.yaml',
        'deploy/kubernetes/base/query-api.yaml',
        'deploy/kubernetes/base/audit-api.yaml',
      ],
    ].flatMap((file) =>
      [...readFileSync(file, 'utf8').matchAll(/\b(dist\/[\w/-]+\.js|(?:graylog|deploy)\/[\w/-]+\.mjs)\b/g)].map(
        ([path]) => path,
      ),
    ),
  ),
];

describe('what .dockerignore lets through', () => {
  it('is enough for the build: nothing that is compiled, or compiles it, asks for a file that is not there', () => {
    const compiled = context.code.filter((path) => !path.startsWith('scripts/'));
    expect(compiled.length).toBeGreaterThan(200);
    const missing = [...compiled, ...BuildContext.closureOf('scripts/build.mjs').files].flatMap((path) =>
      BuildContext.importsOf(path)
        .files.filter((file) => !context.files.includes(file))
        .map((file) => `${path} → ${file}`),
    );
    expect(missing).toEqual([]);
  });

  it('has the sources of all that is copied out of the build', () => {
    expect(copied.length).toBeGreaterThan(3);
    for (const path of copied)
      expect({ path, isThere: context.files.some((file) => file.startsWith(`${sourceOf(path)}/`)) }).toEqual({
        path,
        isThere: true,
      });
  });

  it('has no specs, secrets or data', () => {
    expect(context.files.filter((path) => /\.spec\.ts$|^(data|dist|node_modules|test)\/|\.env/.test(path))).toEqual([]);
  });
});

describe('the programs of the image', () => {
  const inImage = (path: string): boolean =>
    copied.some((folder) => path.startsWith(`${sourceOf(folder)}/`)) ||
    [...DOCKERFILE.matchAll(/^COPY ((?!--)[^\n]+) \S+$/gm)].some(([, sources = '']) =>
      sources.split(' ').some((source) => source !== '.' && path.startsWith(source)),
    );

  it.each(programs)('%s finds there all files and packages that it asks for', (program) => {
    const source = program.startsWith('dist/') ? sourceOf(program) : program;
    const { files, packages } = BuildContext.closureOf(source);
    expect([...files].filter((path) => !context.files.includes(path) || !inImage(path))).toEqual([]);
    expect([...packages].filter((name) => !(name in dependencies))).toEqual([]);
  });
});
