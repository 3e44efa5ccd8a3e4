import { describe, expect, it } from '@jest/globals';
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';

import { temporaryDirectory } from '../support/server.ts';
import { SLOW, describeWithTools, run } from './tools.ts';

const FOLDER = 'deploy/ansible';
const ROLE = `${FOLDER}/roles/paredao`;
const read = (path: string): string => readFileSync(path, 'utf8');

const filesBelow = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name));

describeWithTools('deploy/ansible', () => {
  // Its temporary files are not this machine's.
  const env = { ANSIBLE_HOME: temporaryDirectory(), ANSIBLE_LOCALHOST_WARNING: 'false' };

  it(
    'is a playbook',
    () => {
      const args = ['--syntax-check', '--inventory', 'inventory.example.yml', 'playbook.yml'];
      const { status, stderr } = run('ansible-playbook', args, { cwd: FOLDER, env });
      expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    },
    SLOW,
  );

  it(
    'passes the linter’s strictest profile',
    () => {
      const args = ['--offline', '-q', '--strict', '--profile=production', '--format=pep8'];
      const { status, stdout } = run('ansible-lint', args, { cwd: FOLDER, env });
      expect({ status, stdout }).toEqual({ status: 0, stdout: '' });
    },
    SLOW,
  );

  /** Runs a part of the role on this machine, as whoever this is, on a folder of its own. */
  const runPart = (
    part: string,
    folder: string,
    variables: object,
    ...args: string[]
  ): { status: number; stdout: string } => {
    const playbook = join(temporaryDirectory(), 'playbook.yml');
    const play = [
      {
        hosts: 'localhost',
        connection: 'local',
        gather_facts: false,
        tags: ['app', 'logging', 'monitoring', 'full'],
        tasks: [
          { 'ansible.builtin.import_role': { name: 'paredao', tasks_from: part } },
          { 'ansible.builtin.debug': { msg: 'profiles={{ paredao_profiles | join("+") }}' } },
        ],
      },
    ];
    writeFileSync(playbook, JSON.stringify(play));
    const all = { ansible_python_interpreter: '{{ ansible_playbook_python }}', paredao_folder: folder, ...variables };
    const { status, stdout } = run(
      'ansible-playbook',
      ['-i', 'localhost,', '-e', JSON.stringify(all), playbook, ...args],
      {
        env: { ...env, ANSIBLE_ROLES_PATH: join(process.cwd(), FOLDER, 'roles') },
      },
    );
    return { status: status ?? -1, stdout };
  };

  it(
    'brings the last commit of this checkout to a host, once',
    () => {
      const folder = join(temporaryDirectory(), 'paredao');
      const first = runPart('source', folder, {});
      expect(first).toMatchObject({ status: 0, stdout: expect.stringMatching(/profiles="?\n?/) });
      expect(read(join(folder, 'docker-compose.yml'))).toContain('command-api:');
      expect(runPart('source', folder, {}).stdout).toContain('changed=0 ');
    },
    SLOW,
  );

  it.each([
    [['--tags', 'logging'], 'logging'],
    [['--tags', 'full'], 'logging, monitoring'],
  ])(
    'refuses with %j what the compose file does not have, before it changes anything',
    (args, missing) => {
      const folder = temporaryDirectory();
      writeFileSync(join(folder, 'docker-compose.yml'), 'services: { core: { image: none } }\n');
      const { status, stdout } = runPart('stack', folder, {}, ...args);
      expect({ status, stdout }).toEqual({ status: 2, stdout: expect.stringContaining(`has no profile ${missing}:`) });
      expect(stdout).toContain('changed=0 ');
      expect(readdirSync(folder)).toEqual(['docker-compose.yml']);
    },
    SLOW,
  );
});

describe('the files of deploy/ansible', () => {
  it('describe every setting that has a default', () => {
    const specs = parse(read(`${ROLE}/meta/argument_specs.yml`)) as { argument_specs: { main: { options: object } } };
    const defaults = parse(read(`${ROLE}/defaults/main.yml`)) as object;
    expect(Object.keys(specs.argument_specs.main.options).sort()).toEqual(Object.keys(defaults).sort());
  });

  it('hold no secret', () => {
    for (const file of filesBelow(FOLDER)) {
      expect(read(file)).not.toMatch(/\w+:\/\/[^\s/]+:[^\s/]+@|(password|secret|token)\w*: *['"]?\w{6,}/i);
    }
  });

  it('build every image that the chosen parts build, and say which commit it is', () => {
    const { services } = parse(read('docker-compose.yml'), { merge: true }) as {
      services: Record<string, { build?: object; image: string; profiles?: string[] }>;
    };
    const tasks = read(`${ROLE}/tasks/stack.yml`);
    const images = new Map(
      Object.entries(services).flatMap(([name, { build, image }]) => (build === undefined ? [] : [[image, name]])),
    );
    // one service of each image is enough
    expect([...images.values()]).toHaveLength(3);
    for (const image of images.keys()) {
      const ofImage = Object.keys(services).filter((name) => services[name]?.image === image);
      expect(ofImage.some((name) => tasks.includes(`'${name}'`))).toBe(true);
    }
    expect(read(`${ROLE}/templates/env.j2`)).toMatch(/^COMMIT=\{\{ paredao_on_host.stdout \}\}$/m);
  });

  it('set variables that the compose file knows', () => {
    const compose = read('docker-compose.yml');
    const own = ['COMPOSE_PROJECT_NAME', 'COMPOSE_PROFILES'];
    const names = [...read(`${ROLE}/templates/env.j2`).matchAll(/^([A-Z_]+)=/gm)].map(([, name]) => name!);
    expect(names.filter((name) => !own.includes(name) && !compose.includes(`\${${name}:-`))).toEqual([]);
  });
});
