import { describe, expect, it } from '@jest/globals';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';

import { Environment } from '../../libs/platform/environment.ts';

/** As `libs/platform/environment.ts` reads them. */
const SETTINGS = Object.keys(new Environment()).map((field) =>
  field.replaceAll(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase(),
);

/** Deliberately in no deployment: with a reason. */
const NOWHERE: Readonly<Record<string, string>> = {
  METRICS_PORT: 'behind nginx the metrics are on the port of each service',
  DEMO_PARTICIPANTS: 'only the standalone service opens a demo',
  ALERTMANAGER_URL: 'only the standalone service has sre.html',
  GRAFANA_URL: 'only the standalone service has sre.html',
  GRAYLOG_URL: 'only the standalone service has sre.html',
  PAREDAO_USER: 'of the commands',
  PAREDAO_PASSWORD: 'of the commands',
  SEAL_KEY_FILE: 'the keys are in secrets.json; who wants them elsewhere mounts a file of their own',
  SEAL_COMMAND: 'needs a program and a way to the key that nobody but the operator has',
  SEAL_COMMAND_KEY_FILE: 'as its program',
  HUMAN_CHECK_LIFETIME_SECONDS: 'a default that suits every deployment',
  HUMAN_CHECK_INSTANCES: 'nginx sends the challenges of a network to one instance',
  CAPTCHA_PROVIDER: 'needs a way out and a secret as well: an override, which the documents describe',
  CAPTCHA_SITE_KEY: 'as its provider',
  CAPTCHA_SECRET: 'as its provider',
  CAPTCHA_HOSTNAME: 'as its provider',
  CAPTCHA_WHEN: 'as its provider',
  CAPTCHA_ON_OUTAGE: 'as its provider',
  CAPTCHA_VERIFY_URL: 'as its provider',
  CAPTCHA_SCRIPT_URL: 'as its provider',
  VOTE_QUEUE_LIMIT: 'a default that suits every deployment',
  VOTE_BATCH_LIMIT: 'a default that suits every deployment',
  STREAM_LIMIT: 'a default that suits every deployment',
};
const ONLY_IN_COMPOSE: Readonly<Record<string, string>> = {
  LOG_FILE: 'in Kubernetes the log goes to standard output',
};

const read = (path: string): string => readFileSync(path, 'utf8');
const below = (folder: string): string =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => read(join(parentPath, name)))
    .join('\n');
/** What looks like a variable; one that is read from a file counts as itself. */
const names = (text: string): Set<string> =>
  new Set((text.match(/\b[A-Z]+(_[A-Z]+)*\b/g) ?? []).flatMap((name) => [name, name.replace(/_FILE$/, '')]));
const settingsIn = (text: string): Set<string> => names(text.replaceAll(/#.*$/gm, ''));

const image = settingsIn(read('Dockerfile'));
const compose = settingsIn(read('docker-compose.yml'));
const kubernetes = settingsIn(below('deploy/kubernetes/base') + below('deploy/kubernetes/overlays/single'));

describe('a setting of the services', () => {
  it.each(SETTINGS)('%s is documented, and given by compose and Kubernetes or deliberately not', (setting) => {
    const documented = names(read('README.md') + below('docs'));
    expect({ setting, documented: documented.has(setting) }).toEqual({ setting, documented: true });
    const inCompose = image.has(setting) || compose.has(setting);
    const inKubernetes = image.has(setting) || kubernetes.has(setting);
    expect({ setting, inCompose, inKubernetes }).toEqual({
      setting,
      inCompose: !(setting in NOWHERE),
      inKubernetes: !(setting in NOWHERE) && !(setting in ONLY_IN_COMPOSE),
    });
  });

  it('is in no list of exceptions when it is gone', () => {
    expect(Object.keys({ ...NOWHERE, ...ONLY_IN_COMPOSE }).filter((name) => !SETTINGS.includes(name))).toEqual([]);
  });

  it('that compose leaves to the operator has the same default in Kubernetes', () => {
    const { configMapGenerator } = parse(read('deploy/kubernetes/base/kustomization.yaml')) as {
      configMapGenerator: { name: string; literals?: string[] }[];
    };
    const literals = configMapGenerator.find(({ name }) => name === 'app-environment')?.literals ?? [];
    const left = [...read('docker-compose.yml').matchAll(/^ +([A-Z_]+): \$\{\1:-(.*)\}$/gm)]
      .filter(([, name]) => SETTINGS.includes(name!))
      .map(([, name, value]) => `${name!}=${value!}`);
    expect(left.length).toBeGreaterThan(4);
    expect(left.filter((literal) => !literals.includes(literal))).toEqual([]);
  });
});
