import { expect, it } from '@jest/globals';
import { existsSync, readFileSync, readdirSync } from 'node:fs';

interface Project {
  readonly type: string;
  readonly root: string;
  readonly entryFile: string;
}

const { projects } = JSON.parse(readFileSync('nest-cli.json', 'utf8')) as { projects: Record<string, Project> };

it('names every application and library for the Nest CLI, and nothing that is gone', () => {
  const applications = readdirSync('apps').filter((name) => existsSync(`apps/${name}/main.ts`));
  const libraries = readdirSync('libs').filter((name) => existsSync(`libs/${name}/index.ts`));

  expect(Object.keys(projects).sort()).toEqual([...applications, ...libraries].sort());
  for (const { type, root, entryFile } of Object.values(projects))
    expect(existsSync(type === 'application' ? `${entryFile}.ts` : `${root}/${entryFile}.ts`)).toBe(true);
});
