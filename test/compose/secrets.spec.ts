import { beforeAll, describe, expect, it } from '@jest/globals';
import { createHash } from 'node:crypto';
import { readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

import { temporaryDirectory } from '../support/server.ts';
import { compose, describeWithCompose, makeSecrets } from './compose.ts';

const FILES = ['docker-compose.yml', 'docker-compose.cluster.yml'];
/** Written by certificates.sh. */
const CERTIFICATE = 'eventstore-ca.crt';

const listing = (folder: string): Record<string, string> =>
  Object.fromEntries(
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map(({ parentPath, name }) => join(parentPath, name))
      .sort()
      .map((path) => [path.slice(folder.length + 1), readFileSync(path, 'utf8')]),
  );

describe('the secrets of the stack', () => {
  const folder = temporaryDirectory();
  let output = '';
  let files: Record<string, string> = {};

  beforeAll(() => {
    output = makeSecrets(folder);
    files = listing(folder);
  });

  it('are made once: another start changes nothing', () => {
    makeSecrets(folder);
    expect(listing(folder)).toEqual(files);
  });

  it('are on the disk, and the folders that were made for them: another start would make others', () => {
    const fresh = join(temporaryDirectory(), 'secrets');
    makeSecrets(fresh, '--import', './test/support/note-syncs.mjs');
    const onDisk = readFileSync(`${fresh}.syncs`, 'utf8').split('\n');
    const folders = readdirSync(fresh).map((name) => join(fresh, name));

    expect(folders.length).toBeGreaterThan(5);
    for (const path of folders) expect(onDisk).toContain(path);
    // once for the name of each
    expect(onDisk.filter((path) => path === fresh).length).toBeGreaterThanOrEqual(folders.length);
  });

  it('are random, long, and not printed', () => {
    const passwords = Object.entries(files).filter(([name]) => name.endsWith('password'));
    expect(passwords.map(([name]) => name)).toHaveLength(14);
    for (const [, password] of passwords) {
      expect(password).toMatch(/^[0-9a-f]{48}$/);
      expect(output).not.toContain(password);
    }
    // the users, and what EventStoreDB and Prometheus both know
    expect(new Set(Object.values(files)).size).toBe(Object.keys(files).length - 2);
    expect(files['app/users.json']).toBe(files['operator/users.json']);
    expect(files['prometheus/eventstore-password']).toBe(files['eventstore/monitor-password']);
  });

  it('show the passwords of people to the operator only', () => {
    expect(files['operator/first-credentials.txt']?.trim().split('\n')).toHaveLength(4);
    expect(Object.keys(files)).not.toContain('app/first-credentials.txt');
    const modeOf = (name: string): string => (statSync(join(folder, name)).mode & 0o777).toString(8);
    for (const name of Object.keys(files))
      expect({ name, mode: modeOf(name) }).toEqual({ name, mode: /^(app|operator)/.test(name) ? '600' : '444' });
  });

  it('are put together to addresses that fit the servers', () => {
    const mongo = new URL(files['app/mongodb-url'] ?? '');
    expect([mongo.username, mongo.password, mongo.pathname]).toEqual([
      'paredao',
      files['mongo/app-password'],
      '/paredao',
    ]);
    expect(files['app/mongodb-cluster-url']).toMatch(
      /@mongo:27017,mongo-2:27017,mongo-3:27017\/paredao\?replicaSet=paredao$/,
    );
    expect(files['app/eventstore-cluster-url']).toMatch(
      /^esdb:\/\/paredao:[0-9a-f]{48}@eventstoredb:2113,eventstoredb-2:2113,eventstoredb-3:2113\?tls=true&tlsCaFile=/,
    );
    expect(files['app/eventstore-cluster-url']).toContain(files['eventstore/app-password']);
    const monitor = new URL(files['monitoring/mongodb-url'] ?? '');
    expect([monitor.password, monitor.searchParams.get('authSource')]).toEqual([
      files['mongo/monitor-password'],
      'admin',
    ]);
    expect(new URL(files['graylog/mongodb-url'] ?? '').password).toBe(files['graylog/mongodb-password']);
  });

  it('give Graylog its first password as the hash that it wants', () => {
    const hash = createHash('sha256')
      .update(files['graylog/admin-password'] ?? '')
      .digest('hex');
    expect(files['graylog/admin-password-sha2']).toBe(hash);
    expect(files['operator/logging.txt']).toContain(files['graylog/admin-password']);
    expect(files['operator/monitoring.txt']).toContain(files['monitoring/grafana-password']);
  });
});

describeWithCompose('every secret that a service names', () => {
  it('is made', () => {
    const folder = temporaryDirectory();
    makeSecrets(folder);
    const made = Object.keys(listing(folder));
    const { services } = compose(FILES);
    const scripts = readdirSync('deploy/compose').filter((name) => name.endsWith('.sh'));
    const textOf = (volumes: readonly string[]): string =>
      scripts
        .filter((name) => volumes.some((volume) => volume.includes(name)))
        .map((name) => readFileSync(`deploy/compose/${name}`, 'utf8'))
        .join();
    for (const [name, { volumes = [], environment = {}, command = [] }] of Object.entries(services)) {
      const own = volumes
        .map((volume) => /^(\w+)-secrets:\/run\/paredao/.exec(volume)?.[1])
        .find((match) => match !== undefined);
      const text = [...Object.values(environment), ...command, textOf(volumes)].join('\n');
      const named = [...text.matchAll(/\/run\/paredao\/([a-z][\w.-]*)/g)].map(
        ([, file]) => `${own ?? ''}/${file ?? ''}`,
      );
      expect({ name, missing: named.filter((file) => !made.includes(file) && !file.endsWith(CERTIFICATE)) }).toEqual({
        name,
        missing: [],
      });
    }
  });
});
