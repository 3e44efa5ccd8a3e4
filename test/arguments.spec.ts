import { describe, expect, it } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

import { PROGRAM_ENV } from './support/program-env.ts';
import { Server, temporaryDirectory } from './support/server.ts';

const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: Record<string, string> };
/** Those that no npm script starts. */
const OTHERS = Object.fromEntries(
  [
    ...['command-api', 'projector', 'query-api', 'audit-api'].map((name) => `apps/${name}/main`),
    'apps/cli/bad-event',
  ].map((path) => [path, `exec node dist/${path}.js`]),
);
const PROGRAMS = Object.entries({ ...scripts, ...OTHERS });

/** Runs a program as npm does, with an environment in which it would leave traces in a directory of its own. */
function run(script: string, args: string[], env: Record<string, string> = {}) {
  const dataDir = join(temporaryDirectory(), 'data');
  const [, , file = '', ...own] = script.split(' ');
  const { status, stdout, stderr } = spawnSync(process.execPath, [file, ...own, ...args], {
    encoding: 'utf8',
    timeout: 50_000,
    env: { ...PROGRAM_ENV, DATA_DIR: dataDir, PORT: '0', METRICS_PORT: '0', ...env },
  });
  return { status, stdout, stderr, leftTraces: existsSync(dataDir) };
}

describe.each(PROGRAMS)('%s', (_name, script) => {
  it('shows its usage with --help', () => {
    expect(run(script, ['--help'])).toEqual({
      status: 0,
      stdout: expect.stringMatching(/^(npm (run )?|node )[^]*\n +--help +shows this\n$/),
      stderr: '',
      leftTraces: false,
    });
  });

  it('refuses what it does not know before it does anything', () => {
    const { status, stderr, leftTraces } = run(script, ['--nonsense']);
    expect(status).not.toBe(0);
    expect(stderr).toMatch(/nonsense/);
    expect(leftTraces).toBe(false);
  });
});

it('every command has a program in this list', () => {
  const commands = readdirSync('apps/cli').filter((name) => name.endsWith('.ts'));
  for (const name of commands) {
    const program = `dist/apps/cli/${name.replace('.ts', '.js')}`;
    expect([program, PROGRAMS.some(([, script]) => script.endsWith(program))]).toEqual([program, true]);
  }
});

describe('npm start', () => {
  it('takes its port, address and data directory as options, stronger than the variables', async () => {
    const dataDir = join(temporaryDirectory(), 'elsewhere');
    const other = await Server.launch();
    await other.kill();
    const args = ['--port', String(other.port), '--host', '127.0.0.1', '--data-dir', dataDir];
    const server = await Server.launch({ port: other.port, env: { PORT: '1', DATA_DIR: '/dev/null/none' }, args });
    await server.ready();
    expect(existsSync(join(dataDir, 'events.db'))).toBe(true);
    await server.stop();
  });

  it.each([['--watchonly'], ['--port'], ['--port=4000', '4001'], ['4000']])('refuses %s %s', (...args) => {
    const { status, stdout, leftTraces } = run(scripts['start']!, args.filter(Boolean));
    expect({ status, stdout, leftTraces }).toEqual({ status: 2, stdout: '', leftTraces: false });
  });

  it('names the variable when an option has a value that makes no sense', () => {
    const { status, stderr } = run(scripts['start']!, ['--port', 'many']);
    expect({ status, stderr }).toEqual({ status: 1, stderr: expect.stringContaining('PORT=many: ') });
  });

  it('hears of an option that npm kept for itself', () => {
    const env = { npm_lifecycle_event: 'start', npm_config_watch_only: 'true' };
    const { status, stderr } = run(scripts['start']!, [], env);
    expect({ status, stderr }).toEqual({ status: 2, stderr: expect.stringContaining('npm kept --watch-only') });
  });
});

it('the load generator knows the codes that it may be told to expect', () => {
  const mistyped = run('exec node dist/bench/load.js', ['--expect', 'queue-full,queue-ful']);
  expect(mistyped.status).toBe(2);
  expect(mistyped.stderr).toMatch(/--expect must be one of .*queue-full.*, not "queue-ful"/);
});
