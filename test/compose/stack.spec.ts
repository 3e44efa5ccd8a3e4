import { beforeAll, describe, expect, it } from '@jest/globals';
import { existsSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';

import { readEnvironment } from '../../libs/platform/environment.ts';
import { temporaryDirectory } from '../support/server.ts';
import {
  CLUSTER,
  CORE,
  type Service,
  type Stack,
  compose,
  describeWithCompose,
  makeSecrets,
  mounts,
  names,
} from './compose.ts';

/** Services that run to their end, and others need to have ended well. */
const ONE_SHOT = ['secrets', 'certificates', 'eventstoredb-users', 'mongo-replica-set', 'graylog-init'];
/** What a rule does not hold for, and why. */
const OWN_USER = ['eventstoredb', 'eventstoredb-2', 'eventstoredb-3'];
const EXCEPTIONS: Record<string, Record<string, string>> = {
  'runs as root': {
    portainer: 'manages the engine through its socket, which is root’s',
    netdata: 'starts as root and drops it; the image supports no other user',
    cadvisor: 'asks the engine through its socket, which is root’s',
    ...Object.fromEntries(
      OWN_USER.map((name) => [name, 'the image has a user of its own, with another number in each line']),
    ),
  },
  'writes into its image': {
    netdata: 'writes its configuration at the start',
    opensearch: 'makes its key store beside its configuration at the start',
  },
  'has capabilities': {
    netdata: 'drops root itself, and reads the processes of the host',
    graylog: 'its java has a file capability, and does not start where that cannot be had',
  },
  'mounts the engine’s socket': { portainer: 'manages the engine', cadvisor: 'asks it for the names of containers' },
  'sees the processes of the host': { netdata: 'measures them' },
};

const excepted = (rule: string, stack: Stack): string[] =>
  Object.keys(EXCEPTIONS[rule] ?? {})
    .filter((name) => name in stack.services)
    .sort();
const isCore = (service: Service): boolean => service.profiles === undefined;

const secrets = temporaryDirectory();

beforeAll(() => {
  makeSecrets(secrets);
});

describeWithCompose.each([
  ['the stack', CORE],
  ['the stack as a cluster', CLUSTER],
])('%s', (_name, files) => {
  let stack: Stack;

  beforeAll(() => {
    stack = compose(files);
  });

  it('pins every image to a version', () => {
    expect(names(stack, ({ image }) => !/:v?\d+\.\d+(\.\d+)?([.-][\w.-]+)?$/.test(image))).toEqual([]);
  });

  it('runs nothing as root', () => {
    const isRoot = ({ user }: Service): boolean => user === undefined || !/^[1-9]\d*:[1-9]\d*$/.test(user);
    expect(names(stack, isRoot)).toEqual(excepted('runs as root', stack));
  });

  it('lets nothing write into its image', () => {
    expect(names(stack, ({ read_only: readOnly }) => readOnly !== true)).toEqual(
      excepted('writes into its image', stack),
    );
    expect(names(stack, ({ tmpfs = [] }) => !tmpfs.some((path) => /^\/tmp(:exec)?$/.test(path)))).toEqual([]);
  });

  it('lets everybody write where it shall: elsewhere than on /tmp, such a folder is root’s', () => {
    for (const [name, { tmpfs = [], user = '' }] of Object.entries(stack.services)) {
      const [uid, gid] = user.split(':');
      for (const folder of tmpfs.filter((path) => !/^\/tmp(:|$)/.test(path))) {
        const options = folder.split(':')[1]?.split(',') ?? [];
        const wanted = OWN_USER.includes(name) ? ['mode=1777'] : [`uid=${uid ?? ''}`, `gid=${gid ?? ''}`];
        expect({ name, folder, options }).toEqual({ name, folder, options: expect.arrayContaining(wanted) });
      }
    }
    expect(stack.services['nginx']?.tmpfs?.join()).toMatch(/size=/);
  });

  it('recounts on a disk: a temporary file of 80 bytes a vote is no guest for /tmp, which is memory', () => {
    const audit = stack.services['audit-api']!;
    const folder = audit.environment?.['SQLITE_TMPDIR'];
    const mount = mounts(audit).find(({ target }) => target === folder);
    expect(mount).toMatchObject({ source: 'recount', mode: 'rw' });
    expect(stack.volumes).toHaveProperty('recount');
    expect(readFileSync('Dockerfile', 'utf8')).toMatch(new RegExp(`install -d -o node [^&]* ${folder ?? '-'} `));
  });

  it('hides nothing of its image that a script runs', () => {
    const tools: Record<string, string> = { certificates: '/app', 'log-keeper': '/app', secrets: '/app' };
    const hiding = (service: Service, name: string): boolean =>
      name in tools && mounts(service).some(({ target }) => target === tools[name]);
    expect(names(stack, hiding)).toEqual([]);
  });

  it('takes every capability away', () => {
    expect(names(stack, ({ cap_drop: dropped }) => dropped?.join() !== 'ALL')).toEqual([]);
    expect(names(stack, ({ cap_add: added }) => added !== undefined)).toEqual(excepted('has capabilities', stack));
    expect(names(stack, ({ security_opt: options }) => options?.join() !== 'no-new-privileges:true')).toEqual([]);
    expect(names(stack, ({ privileged }) => privileged === true)).toEqual([]);
    expect(names(stack, ({ pid }) => pid !== undefined)).toEqual(excepted('sees the processes of the host', stack));
    const hasSocket = (service: Service): boolean =>
      mounts(service).some(({ source }) => source.endsWith('docker.sock'));
    expect(names(stack, hasSocket)).toEqual(excepted('mounts the engine’s socket', stack));
  });

  it('bounds memory, processes and logs', () => {
    expect(names(stack, ({ mem_limit: memory, pids_limit: processes }) => !memory || !processes)).toEqual([]);
    expect(names(stack, ({ logging }) => !logging?.options['max-size'] || !logging.options['max-file'])).toEqual([]);
  });

  it('opens one port to the world, and the rest to this host only', () => {
    const open = names(stack, ({ ports = [] }) => ports.some((port) => !port.startsWith('127.0.0.1:')));
    expect(open).toEqual(['nginx']);
    expect(stack.services['nginx']?.ports).toEqual(['0.0.0.0:8080:8080/tcp']);
  });

  it('keeps the services on networks that lead nowhere', () => {
    const leadingOut = Object.keys(stack.networks).filter((name) => stack.networks[name]?.internal !== true);
    expect(leadingOut.sort()).toEqual(['admin', 'edge']);
    const isOutside = ({ networks = {} }: Service): boolean => leadingOut.some((name) => name in networks);
    expect(names(stack, (service) => isCore(service) && isOutside(service))).toEqual(['nginx']);
    expect(names(stack, (service) => service.networks === undefined && service.network_mode !== 'none')).toEqual([]);
    const neighbours = (network: string): string[] =>
      names(stack, (service) => isCore(service) && network in (service.networks ?? {})).filter(
        (name) => !/\d$/.test(name),
      );
    expect(neighbours('api')).toEqual(['audit-api', 'command-api', 'nginx', 'query-api']);
    const lasting = (network: string): string[] => neighbours(network).filter((name) => !ONE_SHOT.includes(name));
    expect(lasting('log')).toEqual(['audit-api', 'command-api', 'eventstoredb', 'projector', 'query-api']);
    expect(lasting('read-model')).toEqual(['audit-api', 'mongo', 'projector', 'query-api']);
  });

  it('has no password in it', () => {
    const texts = Object.values(stack.services).flatMap(({ environment = {}, command = [] }) => [
      ...Object.entries(environment).filter(([key]) => /PASSWORD|SECRET|TOKEN|CREDENTIAL/.test(key)),
      ...command
        .map((word) => ['command', word] as const)
        .filter(([, word]) => /password=|:\/\/[^/]*:[^/]*@/.test(word)),
    ]);
    expect(texts.filter(([key, value]) => !(key.endsWith('_FILE') && value.startsWith('/run/paredao/')))).toEqual([]);
    for (const file of files) expect(readFileSync(file, 'utf8')).not.toMatch(/\w+:\/\/[^\s/]+:[^\s/]+@|changeit/);
  });

  it('lets a secret be read by those it is for, and written by who makes it', () => {
    const writers = ['secrets', 'certificates'];
    const isSecret = (source: string): boolean => /-secrets$|-nodes$|-authority$/.test(source);
    for (const [name, service] of Object.entries(stack.services)) {
      const secret = mounts(service).filter(({ source }) => isSecret(source));
      if (!writers.includes(name))
        expect({ name, modes: secret.map(({ mode }) => mode) }).toEqual({ name, modes: secret.map(() => 'ro') });
      expect(secret.length).toBeLessThanOrEqual(writers.includes(name) ? Infinity : 2);
    }
    expect(names(stack, (service) => mounts(service).some(({ source }) => source === 'operator-secrets'))).toEqual([
      'secrets',
    ]);
  });

  it('knows when each core service can do its work', () => {
    const dockerfile = readFileSync('Dockerfile', 'utf8').split(/^FROM /m);
    const isChecked = ({ image, healthcheck }: Service): boolean => {
      const [, target] = /^paredao\/(\w+):/.exec(image) ?? [];
      const ofImage = dockerfile.find((stage) => target !== undefined && stage.includes(` AS ${target}\n`));
      return healthcheck?.test !== undefined || ofImage?.includes('\nHEALTHCHECK ') === true;
    };
    expect(names(stack, (service, name) => isCore(service) && !ONE_SHOT.includes(name) && !isChecked(service))).toEqual(
      [],
    );
  });

  it('starts in order, and no core service needs one of a profile', () => {
    for (const [name, { depends_on: dependencies = {}, profiles: own }] of Object.entries(stack.services)) {
      for (const [needed, { condition }] of Object.entries(dependencies)) {
        const wanted = ONE_SHOT.includes(needed) ? 'service_completed_successfully' : 'service_healthy';
        expect({ name, needed, condition }).toEqual({ name, needed, condition: wanted });
        if (own === undefined) expect(stack.services[needed]?.profiles).toBeUndefined();
      }
    }
    expect(names(stack, ({ restart }) => restart !== 'unless-stopped')).toEqual(
      ONE_SHOT.filter((name) => name in stack.services).sort(),
    );
  });

  it('declares its volumes, and mounts files of this project that exist', () => {
    for (const { source, mode } of Object.values(stack.services).flatMap(mounts)) {
      const path = relative(process.cwd(), source);
      if (!source.startsWith('/')) expect(Object.keys(stack.volumes)).toContain(source);
      else if (!path.startsWith('..'))
        expect({ path, exists: existsSync(path), mode }).toEqual({ path, exists: true, mode: 'ro' });
    }
  });

  it('gives the services an environment that they know and accept', () => {
    const known = readFileSync('libs/platform/environment.ts', 'utf8');
    const fieldOf = (variable: string): string =>
      variable
        .replace(/_FILE$/, '')
        .toLowerCase()
        .replaceAll(/_([a-z])/g, (_match, letter: string) => letter.toUpperCase());
    for (const name of ['command-api', 'projector', 'query-api', 'audit-api']) {
      const { environment = {}, networks = {} } = stack.services[name]!;
      // the one for SQLite itself is not ours
      const ours = Object.keys(environment).filter((variable) => variable !== 'SQLITE_TMPDIR');
      for (const variable of ours) expect(known).toMatch(new RegExp(`\\b${fieldOf(variable)}\\b`));
      const here = Object.entries(environment).map(([key, value]) => [
        key,
        value.replace(/^\/run\/paredao/, join(secrets, 'app')),
      ]);
      const { eventstoreUrl, mongodbUrl } = readEnvironment({}, Object.fromEntries(here) as Record<string, string>);
      expect({ name, log: eventstoreUrl !== undefined, readModel: mongodbUrl !== undefined }).toEqual({
        name,
        log: 'log' in networks,
        readModel: 'read-model' in networks,
      });
    }
  });
});

describeWithCompose('another commit', () => {
  const commit = 'c'.repeat(40);
  const { services } = compose(CLUSTER, { COMMIT: commit });

  it('is told to the programs, which tell the metrics', () => {
    expect(services['secrets']?.build).toMatchObject({ target: 'app', args: { COMMIT: commit } });
    expect(compose(CORE).services['secrets']?.build?.args).toEqual({ COMMIT: 'unknown' });
  });

  it('makes those anew that read files of the project, but for the stores, whose scripts are read at their next start', () => {
    const stores = /^(eventstoredb|(graylog-)?mongo)(-\d)?$/;
    const reading = Object.entries(services).filter(
      ([name, service]) =>
        !ONE_SHOT.includes(name) &&
        !stores.test(name) &&
        mounts(service).some(({ source }) => source.startsWith(`${process.cwd()}/`)),
    );
    expect(reading.length).toBeGreaterThan(5);
    for (const [name, { labels }] of reading)
      expect({ name, labels }).toEqual({ name, labels: { 'paredao.commit': commit } });
  });
});

describeWithCompose('the numbers of each', () => {
  it('are two command-apis and two projectors, and three of each server in the cluster', () => {
    const { services } = compose(CORE);
    expect([services['command-api']?.scale, services['projector']?.scale]).toEqual([2, 2]);
    const cluster = Object.keys(compose(CLUSTER).services);
    expect(cluster.filter((name) => /^eventstoredb(-\d)?$/.test(name))).toHaveLength(3);
    expect(cluster.filter((name) => /^mongo(-\d)?$/.test(name))).toHaveLength(3);
  });

  it.each([
    ['tools', ['mongo-express', 'netdata', 'portainer']],
    ['logging', ['fluent-bit', 'graylog', 'graylog-init', 'graylog-mongo', 'opensearch']],
    [
      'monitoring',
      ['alertmanager', 'cadvisor', 'grafana', 'mongodb-exporter', 'nginx-exporter', 'node-exporter', 'prometheus'],
    ],
  ])('leave what nobody needs for voting to the profile %s', (profile, services) => {
    expect(names(compose(CORE), ({ profiles }) => profiles?.join() === profile)).toEqual(services);
  });
});

describe('the price of a challenge', () => {
  it('is counted where nginx sends all challenges of a network, and not multiplied', () => {
    const [upstream = ''] = /^upstream challenges \{[^}]*\}/m.exec(readFileSync('nginx/site/http.conf', 'utf8')) ?? [];
    // with `consistent`, replicas behind one name would take turns
    expect(upstream).toMatch(/^ +hash \$network;$/m);
    for (const file of ['docker-compose.yml', 'deploy/kubernetes/base/kustomization.yaml'])
      expect(readFileSync(file, 'utf8')).not.toContain('HUMAN_CHECK_INSTANCES');
  });
});

describe('the ports of the programs', () => {
  it('are those that nginx asks for', () => {
    const site = readFileSync('nginx/site/http.conf', 'utf8');
    for (const [name, port] of [
      ['command-api', '3001'],
      ['query-api', '3003'],
      ['audit-api', '3004'],
    ] as const) {
      expect(site).toContain(`server ${name}:${port} resolve`);
      expect(readFileSync('docker-compose.yml', 'utf8')).toContain(`PORT: '${port}'`);
    }
  });
});
