import { expect } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';

import { temporaryDirectory } from '../support/server.ts';
import { needs } from '../tools/needs.ts';

export interface Service {
  readonly image: string;
  readonly build?: { readonly target: string; readonly args?: Readonly<Record<string, string>> };
  readonly labels?: Readonly<Record<string, string>>;
  readonly user?: string;
  readonly entrypoint?: readonly string[];
  readonly command?: readonly string[];
  readonly init?: boolean;
  readonly restart?: string;
  readonly read_only?: boolean;
  readonly privileged?: boolean;
  readonly pid?: string;
  readonly cap_add?: readonly string[];
  readonly cap_drop?: readonly string[];
  readonly security_opt?: readonly string[];
  readonly tmpfs?: readonly string[];
  readonly mem_limit?: string;
  readonly pids_limit?: number;
  readonly logging?: { readonly driver: string; readonly options: Readonly<Record<string, string>> };
  readonly ports?: readonly string[];
  readonly volumes?: readonly string[];
  readonly network_mode?: string;
  readonly networks?: Readonly<Record<string, unknown>>;
  readonly environment?: Readonly<Record<string, string>>;
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
  readonly healthcheck?: { readonly test?: readonly string[]; readonly disable?: boolean };
  readonly profiles?: readonly string[];
  readonly scale?: number;
}

export interface Stack {
  readonly services: Readonly<Record<string, Service>>;
  readonly networks: Readonly<Record<string, { readonly internal?: boolean } | null>>;
  readonly volumes: Readonly<Record<string, unknown>>;
}

/** Suites that need docker-compose. */
export const describeWithCompose = needs('docker-compose');

/**
 * The files put together as docker-compose sees them, all profiles in it, with these variables and no other.
 * @throws with what it complains about
 */
export function compose(files: readonly string[], variables: Readonly<Record<string, string>> = {}): Stack {
  const args = files.flatMap((file) => ['-f', file]);
  // instead of the .env that this checkout may have
  const noVariables = join(temporaryDirectory(), 'empty.env');
  writeFileSync(noVariables, '');
  const env = { PATH: process.env['PATH'], COMPOSE_PROJECT_NAME: 'paredao', ...variables };
  const { status, stdout, stderr } = spawnSync('docker-compose', [...args, '--env-file', noVariables, 'config'], {
    encoding: 'utf8',
    env,
  });
  if (status !== 0 || stderr !== '') throw new Error(`docker-compose config: ${stderr}`);
  return parse(stdout) as Stack;
}

export const CORE = ['docker-compose.yml'];
export const CLUSTER = [...CORE, 'docker-compose.cluster.yml'];

/** Names of the services for which something holds, sorted. */
export const names = (stack: Stack, matches: (service: Service, name: string) => boolean): string[] =>
  Object.keys(stack.services)
    .filter((name) => matches(stack.services[name]!, name))
    .sort();

export const mounts = ({ volumes = [] }: Service): { source: string; target: string; mode: string }[] =>
  volumes
    .map((volume) => volume.split(':'))
    .map(([source = '', target = '', mode = 'rw']) => ({ source, target, mode }));

/** Runs the service that makes the secrets on a folder of this machine; returns what it printed. With `note-syncs.mjs`, that writes beside the folder. */
export function makeSecrets(folder: string, ...nodeArguments: readonly string[]): string {
  const program = [...nodeArguments, 'deploy/compose/secrets.mjs', folder];
  const { status, stdout, stderr } = spawnSync(process.execPath, program, {
    encoding: 'utf8',
    env: { ...process.env, SYNCS_FILE: `${folder}.syncs` },
  });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  return stdout;
}
