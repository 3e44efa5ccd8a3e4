import { expect } from '@jest/globals';
import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { stringify } from 'yaml';

import { type Command, DOCUMENTS, commandsOf, excuseFor } from './documents.ts';
import type { Engine, Outcome } from './engine.ts';

const PAUSE_MS = 500;
const HEALTHY_LIMIT_MS = 300_000;
const NGINX_PORT = 8080;

export interface Container {
  readonly service: string;
  readonly id: string;
  readonly state: string;
  /** Of Docker's own check; empty where there is none. */
  readonly health: string;
  /** Of one that has ended. */
  readonly code: string;
}

const isWell = ({ state, health, code }: Container): boolean =>
  state === 'running' ? ['', 'healthy'].includes(health) : state === 'exited' && code === '0';

/** A clone of this checkout on an engine, and what a person does with it by the documents. */
export class Stack {
  readonly commands: readonly Command[] = DOCUMENTS.flatMap(commandsOf);
  /** Commands of the documents that were run. */
  readonly ran = new Set<string>();
  readonly folder: string;
  private readonly origin: string;

  private constructor(readonly engine: Engine) {
    // a project of that name may run on this engine
    this.folder = join(engine.folder, 'paredao-test');
    this.origin = join(engine.folder, 'origin');
  }

  /** The project as it is here, committed or not, as a repository to pull from, and a clone of it. */
  static async clone(engine: Engine): Promise<Stack> {
    const stack = new Stack(engine);
    const { stdout } = spawnSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
      encoding: 'utf8',
    });
    for (const path of stdout.split('\0').filter(Boolean)) {
      mkdirSync(join(stack.origin, dirname(path)), { recursive: true });
      cpSync(path, join(stack.origin, path));
    }
    await stack.commit('git init --quiet --initial-branch main');
    await stack.expectDone(`git clone --quiet '${stack.origin}' '${stack.folder}'`, engine.folder);
    await stack.lowerLimits();
    return stack;
  }

  /** A new commit in the repository that this one is pulled from, after a change. */
  async commit(change: string): Promise<void> {
    const author = '-c user.name=test -c user.email=test@example.org';
    await this.expectDone(`${change}\ngit add --all && git ${author} commit --quiet --message change`, this.origin);
  }

  /** Where this machine allows fewer open files than a service asks for, it gets what there is. */
  private async lowerLimits(): Promise<void> {
    const { openFiles } = this.engine;
    const { output } = await this.expectDone(`docker compose --profile '*' config --format json 2>/dev/null`);
    const { services } = JSON.parse(output) as {
      services: Record<string, { ulimits?: { nofile?: number | { soft: number } } }>;
    };
    const wanting = Object.entries(services).filter(
      ([, { ulimits: { nofile = 0 } = {} }]) => (typeof nofile === 'number' ? nofile : nofile.soft) > openFiles,
    );
    const overrides = Object.fromEntries(wanting.map(([name]) => [name, { ulimits: { nofile: openFiles } }]));
    if (wanting.length > 0)
      writeFileSync(join(this.folder, 'docker-compose.override.yml'), stringify({ services: overrides }));
  }

  run(script: string, cwd = this.folder): Promise<Outcome> {
    return this.engine.run(script, { cwd });
  }

  /** Runs something that must end well. */
  async expectDone(script: string, cwd = this.folder): Promise<Outcome> {
    const outcome = await this.run(script, cwd);
    if (outcome.code === 0) return outcome;
    process.stdout.write(`${outcome.output}\n`);
    throw new Error(
      `ended with ${String(outcome.code)} after ${outcome.seconds.toFixed(1)} s: ${script}\n${outcome.output}`,
    );
  }

  /**
   * Runs a command of the documents as it stands there, which must end well.
   * @param beginning as much of it as names it, or all
   * @param given what the documents leave open, by what they write in its place
   */
  async documented(beginning: string, given: Readonly<Record<string, string>> = {}): Promise<Outcome> {
    const exact = this.commands.filter(({ text }) => text === beginning);
    const [command, other] = exact.length > 0 ? exact : this.commands.filter(({ text }) => text.startsWith(beginning));
    if (!command || other)
      throw new Error(`${other ? 'more than one command begins' : 'no command begins'} with ${beginning}`);
    this.ran.add(command.text);
    let script = command.text;
    for (const [open, value] of Object.entries(given)) {
      expect(script).toContain(open);
      script = script.replaceAll(open, value);
    }
    process.stdout.write(`\n[${command.document}]\n${script.replaceAll(/^/gm, '$ ')}\n`);
    const outcome = await this.expectDone(script);
    process.stdout.write(`(${outcome.seconds.toFixed(1)} s)\n`);
    return outcome;
  }

  async containers(): Promise<Container[]> {
    const format = '{{.Label "com.docker.compose.service"}} {{.ID}} {{.State}} {{.Status}}';
    const { output } = await this.expectDone(
      `docker ps --all --filter label=com.docker.compose.oneoff=False --format '${format}'`,
    );
    return output
      .split('\n')
      .filter(Boolean)
      .map((line) => /^(\S+) (\S+) (\S+) (.*)$/.exec(line)!)
      .map(([, service = '', id = '', state = '', status = '']) => ({
        service,
        id,
        state,
        health: /^Up .*\((?:health: )?(\w+)\)/.exec(status)?.[1] ?? '',
        code: /^Exited \((\d+)\)/.exec(status)?.[1] ?? '',
      }));
  }

  /** Waits until every container is well, or has ended well. */
  async healthy(limitMs = HEALTHY_LIMIT_MS): Promise<Container[]> {
    const limit = performance.now() + limitMs;
    for (;;) {
      const containers = await this.containers();
      const ill = containers.filter((container) => !isWell(container));
      if (containers.length > 0 && ill.length === 0) return containers;
      if (performance.now() > limit) throw new Error(`not well: ${JSON.stringify(ill)}\n${await this.logsOf(ill)}`);
      await delay(PAUSE_MS);
    }
  }

  private async logsOf(containers: readonly Container[]): Promise<string> {
    const logs = containers.map(({ service }) => `docker compose logs --tail 10 ${service}`).join('\n');
    return (await this.run(logs)).output;
  }

  /** Ends the first processes of services as `docker kill` does: they stay away until somebody starts them. */
  async kill(...services: readonly string[]): Promise<void> {
    await this.expectDone(`docker kill $(docker compose ps --quiet ${services.join(' ')})`);
  }

  /** Ends those of all services from outside, as a crash does: the engine starts them again. */
  async crash(): Promise<void> {
    const pids = `$(docker compose ps --quiet | xargs docker inspect --format '{{.State.Pid}}' | xargs)`;
    await this.expectDone(`docker run --rm --pid host --user 0 paredao/app:test sh -c "kill -9 ${pids}"`);
  }

  /** How often the engine has started each container again. */
  async restarts(): Promise<{ service: string; times: number }[]> {
    const format = '{{index .Config.Labels "com.docker.compose.service"}} {{.RestartCount}}';
    const { output } = await this.expectDone(`docker inspect --format '${format}' $(docker compose ps --quiet)`);
    return output
      .trim()
      .split('\n')
      .map((line) => line.split(' '))
      .map(([service = '', times]) => ({ service, times: Number(times) }));
  }

  /** The commands of the documents that were not run; prints those that have a reason, and returns those that have none. */
  leftOut(): Command[] {
    const left = this.commands.filter(({ text }) => !this.ran.has(text));
    for (const { document, text } of left)
      process.stdout.write(`not run: ${document}: ${text.split('\n')[0] ?? ''}: ${excuseFor(text) ?? 'no reason'}\n`);
    return left.filter(({ text }) => excuseFor(text) === undefined);
  }

  /** Removes what it made, but for the images. */
  async remove(): Promise<void> {
    await this.run(`docker compose --profile '*' down --volumes --timeout 1`);
  }

  /** A port of this machine that leads to nginx. */
  door(): Promise<number> {
    return this.engine.forward(NGINX_PORT);
  }
}
