import { describe, expect, it } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { Nginx, describeWithNginx } from '../nginx/nginx.ts';
import { StubApi } from '../nginx/stub-api.ts';
import { freePort, temporaryDirectory } from '../support/server.ts';
import { build, secretsOf } from './resources.ts';
import { SLOW, describeWithTools } from './tools.ts';

const SITE = 'deploy/kubernetes/base/site';

describeWithTools('deploy/kubernetes/secrets.sh', () => {
  /** Runs it against a `kubectl` that writes down what it is told; returns the Secrets with their keys. */
  const makeSecrets = (overlay: string, exist = false): { secrets: Record<string, string[]>; stdout: string } => {
    const folder = temporaryDirectory();
    const log = join(folder, 'log');
    const kubectl = `#!/bin/sh\ncase "$*" in *' get secret '*) exit ${exist ? 0 : 1};; esac\necho "$*" >>'${log}'\n`;
    writeFileSync(join(folder, 'kubectl'), kubectl, { mode: 0o755 });
    writeFileSync(log, '');
    const env = { ...process.env, PATH: `${folder}:${process.env['PATH'] ?? ''}` };
    const { status, stdout, stderr } = spawnSync('bash', ['deploy/kubernetes/secrets.sh', overlay], {
      env,
      encoding: 'utf8',
    });
    if (status !== 0) throw new Error(`secrets.sh: ${stderr}`);
    const made = [...readFileSync(log, 'utf8').matchAll(/^--namespace paredao create secret generic (\S+) (.*)$/gm)];
    const keys = (args: string): string[] => [...args.matchAll(/--from-file=\S*\/([^\s/]+)/g)].map(([, key]) => key!);
    return { secrets: Object.fromEntries(made.map(([, name, args]) => [name, keys(args!)])), stdout };
  };

  it(
    'makes the Secrets that the single overlay uses, with the keys that it reads',
    () => {
      const { resources } = build('overlays/single');
      const pods = resources.flatMap(({ kind, spec }) =>
        /^(Deployment|StatefulSet)$/.test(kind) ? [spec.template.spec] : [],
      );
      const { secrets, stdout } = makeSecrets('single');
      expect(Object.keys(secrets).sort()).toEqual([...new Set(pods.flatMap(secretsOf))].sort());
      const made = Object.values(secrets).flat();
      const files = pods
        .flatMap(({ containers }) => containers.flatMap(({ env = [] }) => env))
        .flatMap(({ value = '', valueFrom }) => [
          ...(/^\/run\/paredao\/(.+)/.exec(value)?.slice(1) ?? []),
          ...(valueFrom ? [valueFrom.secretKeyRef.key] : []),
        ]);
      expect(files.filter((file) => !made.includes(file))).toEqual([]);
      expect(stdout.match(/^ +\w+ +\S+$/gm)).toHaveLength(4);
    },
    SLOW,
  );

  it(
    'makes keys and users for production, and nothing where they are',
    () => {
      expect(Object.keys(makeSecrets('production').secrets)).toEqual(['paredao-keys']);
      expect(makeSecrets('single', true).secrets).toEqual({});
    },
    SLOW,
  );
});

describe('what deploy/kubernetes repeats', () => {
  it('is what compose has', () => {
    for (const script of ['mongo.sh', 'mongo-users.sh', 'mongo-whole.sh'])
      expect(readFileSync(`deploy/kubernetes/overlays/single/${script}`, 'utf8')).toBe(
        readFileSync(`deploy/compose/${script}`, 'utf8'),
      );
    const site = (path: string): string =>
      readFileSync(path, 'utf8')
        .replaceAll(/^(#|resolver).*\n/gm, '')
        .replaceAll('.paredao.svc.cluster.local', '');
    expect(site(`${SITE}/http.conf`)).toBe(site('nginx/site/http.conf'));
    const compose = readFileSync('docker-compose.yml', 'utf8');
    const images =
      readFileSync('deploy/kubernetes/overlays/single/eventstoredb.yaml', 'utf8') +
      readFileSync('deploy/kubernetes/overlays/single/mongo.yaml', 'utf8');
    for (const [, image] of images.matchAll(/^ +image: (.*)$/gm)) expect(compose).toContain(image);
  });
});

describeWithNginx('the site for Kubernetes', () => {
  it('is one that nginx starts with', async () => {
    const folder = temporaryDirectory();
    cpSync('nginx', folder, { recursive: true });
    mkdirSync(join(folder, 'run'));
    cpSync(SITE, join(folder, 'site'), { recursive: true });
    const edit = (file: string, from: string, to: string): void => {
      const path = join(folder, 'site', file);
      writeFileSync(path, readFileSync(path, 'utf8').replaceAll(from, to));
    };
    // Debian's nginx is older than the image's: it knows no `resolve`, and looks names up at the start.
    edit('http.conf', 'kube-dns.kube-system.svc.cluster.local', '127.0.0.1');
    for (const [name, port] of [
      ['command-api', 3001],
      ['query-api', 3003],
      ['audit-api', 3004],
    ] as const)
      edit('http.conf', `${name}.paredao.svc.cluster.local:${port} resolve`, `127.0.0.1:${port}`);
    edit('http.conf', 'listen 8081', `listen 127.0.0.1:${await freePort()}`);
    edit('server.conf', 'listen 8080', `listen 127.0.0.1:${await freePort()}`);
    edit('access-log.conf', '/dev/stdout', 'run/access.log');
    const args = ['-t', '-q', '-p', `${folder}/`, '-c', 'nginx.conf', '-e', 'stderr'];
    const { status, stderr } = spawnSync('nginx', args, { encoding: 'utf8' });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  });

  it.each(['10.0.0.7', '172.16.0.7', '172.31.255.7', '192.168.0.7'])(
    'takes a node at %s for the voter, where the Gateway saw no further, and never what a voter wrote',
    async (node) => {
      const networks = readFileSync(`${SITE}/balancers.conf`, 'utf8').matchAll(/^set_real_ip_from (\S+);$/gm);
      const balancers = ['127.0.0.1', ...[...networks].map(([, network]) => network!)];
      const api = await StubApi.start();
      const nginx = await Nginx.start({ commandApis: [api.port], queryApis: [api.port], balancers });
      const client = nginx.client();
      await client.get('/paredao', { 'x-forwarded-for': `203.0.113.9, ${node}` });

      expect(api.seen.at(-1)?.headers['x-forwarded-for']).toBe(node);
      client.close();
      await Promise.all([nginx.stop(), api.stop()]);
    },
  );
});
