import { beforeAll, expect, it } from '@jest/globals';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { readEnvironment } from '../../libs/platform/environment.ts';
import { temporaryDirectory } from '../support/server.ts';
import { type Container, type PodSpec, type Resource, arrows, build, secretsOf, selects } from './resources.ts';
import { SLOW, describeWithTools, run } from './tools.ts';

const FOLDERS = ['base', 'overlays/single', 'overlays/production'];
/** The oldest that deploy/kubernetes/README.md names, and one of this year. */
const VERSIONS = ['1.31', '1.36'];
/** Not Kubernetes' own: the schemas are not in the package. */
const GATEWAY_API = 'gateway.networking.k8s.io/';
const PROGRAMS = ['audit-api', 'command-api', 'projector', 'query-api'];

describeWithTools.each(FOLDERS)('deploy/kubernetes/%s', (folder) => {
  let text = '';
  let resources: Resource[] = [];
  const ofKind = (...kinds: string[]): Resource[] => resources.filter(({ kind }) => kinds.includes(kind));
  const workloads = (): Resource[] => ofKind('Deployment', 'StatefulSet');
  const names = (list: readonly Resource[]): string[] => list.map(({ metadata }) => metadata.name).sort();
  const podOf = ({ spec }: Resource): PodSpec => spec.template.spec;
  const containersOf = (workload: Resource): Container[] => [
    ...podOf(workload).containers,
    ...(podOf(workload).initContainers ?? []),
  ];
  /** Names of the workloads for which a rule does not hold. */
  const breaking = (holds: (workload: Resource) => boolean): string[] =>
    names(workloads().filter((workload) => !holds(workload)));

  beforeAll(() => {
    ({ text, resources } = build(folder));
  });

  it.each(VERSIONS)(
    'fits the schemas of Kubernetes %s, unknown fields refused',
    (version) => {
      const known = resources.filter(({ apiVersion }) => !apiVersion.startsWith(GATEWAY_API));
      const file = join(temporaryDirectory(), 'resources.json');
      writeFileSync(file, known.map((resource) => JSON.stringify(resource)).join('\n---\n'));
      const { status, stdout, stderr } = run('kubernetes-validate', ['--strict', '-k', `${version}.0`, file]);
      expect({ status, said: stdout.replaceAll(/^INFO.*\n/gm, '') + stderr }).toEqual({ status: 0, said: '' });
      expect(names(resources.filter((resource) => !known.includes(resource)))).toEqual(['web']);
    },
    SLOW,
  );

  it('puts everything into one namespace, which takes restricted pods only', () => {
    const [namespace, ...others] = ofKind('Namespace');
    expect([namespace?.metadata.name, others]).toEqual(['paredao', []]);
    expect(namespace?.metadata.labels?.['pod-security.kubernetes.io/enforce']).toBe('restricted');
    expect(resources.filter(({ kind, metadata }) => kind !== 'Namespace' && metadata.namespace !== 'paredao')).toEqual(
      [],
    );
  });

  it('restricts every pod', () => {
    for (const workload of workloads()) {
      const { securityContext, automountServiceAccountToken, enableServiceLinks } = podOf(workload);
      expect({ ...securityContext, automountServiceAccountToken, enableServiceLinks }).toMatchObject({
        runAsNonRoot: true,
        runAsUser: expect.any(Number),
        seccompProfile: { type: 'RuntimeDefault' },
        automountServiceAccountToken: false,
        enableServiceLinks: false,
      });
      for (const container of containersOf(workload)) {
        expect(container.securityContext).toEqual({
          allowPrivilegeEscalation: false,
          readOnlyRootFilesystem: true,
          capabilities: { drop: ['ALL'] },
        });
      }
    }
  });

  it('pins every image to a version', () => {
    const images = workloads()
      .flatMap(containersOf)
      .map(({ image }) => image);
    expect(images.filter((image) => !/:\d+\.\d+\.\d+$/.test(image))).toEqual([]);
  });

  it('asks every container how it is, and bounds its memory', () => {
    for (const { name, startupProbe, livenessProbe, readinessProbe, resources: needs } of workloads().flatMap(
      containersOf,
    )) {
      expect({ name, probes: [startupProbe, livenessProbe, readinessProbe].includes(undefined) }).toEqual({
        name,
        probes: false,
      });
      expect(needs).toEqual({
        requests: { cpu: expect.any(String), memory: expect.any(String) },
        limits: { memory: expect.any(String) },
      });
    }
    const pathsOf = (name: string): unknown[] => {
      const { startupProbe, livenessProbe, readinessProbe } = podOf(
        ofKind('Deployment').find(({ metadata }) => metadata.name === name)!,
      ).containers[0]!;
      return [startupProbe, livenessProbe, readinessProbe].map((probe) => probe?.httpGet?.path);
    };
    for (const name of PROGRAMS) expect(pathsOf(name)).toEqual(['/health/live', '/health/live', '/health/ready']);
    expect(pathsOf('web')).toEqual(['/saude', '/saude', '/saude']);
  });

  it('gives a pod time to be forgotten by nginx, then to end its work', () => {
    const bootstrap = readFileSync('libs/platform/bootstrap.ts', 'utf8');
    const stop = Number(/STOP_LIMIT_MS = ([\d_]+)/.exec(bootstrap)?.[1]?.replaceAll('_', '')) / 1000;
    for (const workload of ofKind('Deployment')) {
      const sleep = podOf(workload).containers[0]?.lifecycle?.preStop?.sleep?.seconds ?? 0;
      expect(sleep).toBeGreaterThanOrEqual(10);
      expect(podOf(workload).terminationGracePeriodSeconds).toBeGreaterThan(sleep + stop);
    }
  });

  it('recounts on a disk with room for fifty million votes', () => {
    const audits = workloads().filter(({ metadata }) => metadata.name === 'audit-api');
    expect(audits).toHaveLength(1);
    for (const { containers, volumes = [] } of audits.map(podOf)) {
      const [{ env = [], volumeMounts = [] }] = containers as [Container];
      const place = env.find(({ name }) => name === 'SQLITE_TMPDIR')?.value;
      const mount = volumeMounts.find(({ mountPath }) => mountPath === place);
      const volume = volumes.find(({ name }) => name === mount?.name);
      expect(volume?.emptyDir).toEqual({ sizeLimit: '4Gi' });
    }
  });

  it('selects pods that there are', () => {
    const isReal = (selector: Parameters<typeof selects>[0]): boolean =>
      workloads().some(({ spec }) => selects(selector, spec.template.metadata.labels));
    expect(breaking(({ spec }) => selects(spec.selector, spec.template.metadata.labels))).toEqual([]);
    expect(names(ofKind('Service').filter(({ spec }) => !isReal({ matchLabels: spec.selector })))).toEqual([]);
    expect(names(ofKind('PodDisruptionBudget').filter(({ spec }) => !isReal(spec.selector)))).toEqual([]);
    expect(names(ofKind('NetworkPolicy').filter(({ spec }) => !isReal(spec.podSelector)))).toEqual([]);
    for (const { spec } of ofKind('Service'))
      for (const { port, targetPort } of spec.ports) {
        const target = workloads().find(({ spec: { template } }) =>
          selects({ matchLabels: spec.selector }, template.metadata.labels),
        )!;
        expect(containersOf(target)[0]?.ports).toContainEqual({ name: targetPort, containerPort: port });
      }
    for (const { backendRefs } of ofKind('HTTPRoute').flatMap(({ spec }) => spec.rules)) {
      const [{ name, port } = { name: '', port: 0 }] = backendRefs;
      const service = ofKind('Service').find(({ metadata }) => metadata.name === name);
      expect(service?.spec.ports.map((each) => each.port)).toEqual([port]);
    }
  });

  it('spreads the pods of a version over the nodes, in constraints that the API server takes', () => {
    for (const workload of ofKind('Deployment')) {
      const constraints = podOf(workload).topologySpreadConstraints ?? [];
      expect(constraints.map(({ topologyKey }) => topologyKey)).toContain('kubernetes.io/hostname');
      for (const { labelSelector, matchLabelKeys = [] } of constraints) {
        expect(selects(labelSelector, workload.spec.template.metadata.labels)).toBe(true);
        expect(matchLabelKeys).toEqual(['pod-template-hash']);
        // the schemas do not say it, but the API server refuses a key that is in both
        const keys = [
          ...Object.keys(labelSelector.matchLabels ?? {}),
          ...(labelSelector.matchExpressions ?? []).map(({ key }) => key),
        ];
        expect(keys.filter((key) => matchLabelKeys.includes(key))).toEqual([]);
      }
    }
  });

  it('scales what takes requests, and keeps some of each when nodes are emptied', () => {
    expect(names(ofKind('HorizontalPodAutoscaler'))).toEqual(['command-api', 'query-api', 'web']);
    expect(names(ofKind('PodDisruptionBudget'))).toEqual(names(ofKind('Deployment')));
    for (const { metadata, spec } of ofKind('Deployment')) {
      const scaler = ofKind('HorizontalPodAutoscaler').find((each) => each.spec.scaleTargetRef.name === metadata.name);
      const budget = ofKind('PodDisruptionBudget').find((each) => each.metadata.name === metadata.name)!;
      // Both would set the number.
      expect(scaler !== undefined && spec.replicas !== undefined).toBe(false);
      const least = scaler?.spec.minReplicas ?? spec.replicas ?? 0;
      expect(least).toBeGreaterThanOrEqual(2);
      const { minAvailable } = budget.spec;
      const kept =
        typeof minAvailable === 'number' ? minAvailable : Math.ceil((least * Number.parseInt(minAvailable)) / 100);
      expect(kept).toBeGreaterThan(0);
      expect(kept).toBeLessThan(least);
    }
  });

  it('lets nobody speak but along the arrows', () => {
    const policies = ofKind('NetworkPolicy');
    const closed = policies.find(({ metadata }) => metadata.name === 'default-deny');
    expect(closed?.spec).toEqual({ podSelector: {}, policyTypes: ['Ingress', 'Egress'] });
    const { in: incoming, out } = arrows(resources);
    const inside = ['web → audit-api:3004', 'web → command-api:3001', 'web → query-api:3003'];
    const toStores = (log: string, tallies: string): string[] => [
      `audit-api → ${log}:2113`,
      `audit-api → ${tallies}:27017`,
      `command-api → ${log}:2113`,
      `projector → ${log}:2113`,
      `projector → ${tallies}:27017`,
      `query-api → ${log}:2113`,
      `query-api → ${tallies}:27017`,
    ];
    const stores = {
      base: [],
      'overlays/single': toStores('eventstoredb', 'mongo'),
      'overlays/production': toStores('10.0.0.0/8', '10.0.0.0/8'),
    }[folder]!;
    expect(out.filter((arrow) => !arrow.endsWith(' → kube-system:53'))).toEqual([...inside, ...stores].sort());
    expect(incoming).toEqual(['gateway → web:8080', ...inside, ...(folder === 'overlays/single' ? stores : [])].sort());
    expect(out.filter((arrow) => arrow.endsWith(' → kube-system:53'))).toHaveLength(workloads().length);
  });

  it('holds no secret, and gives each program those that it needs', () => {
    expect(ofKind('Secret')).toEqual([]);
    expect(text).not.toMatch(/\w+:\/\/[^\s/]+:[^\s/]+@/);
    const used = Object.fromEntries(
      workloads().map((workload) => [workload.metadata.name, secretsOf(podOf(workload))]),
    );
    expect(used).toMatchObject({
      'command-api': ['paredao-eventstore', 'paredao-keys'],
      projector: ['paredao-eventstore', 'paredao-keys', 'paredao-mongodb'],
      'query-api': ['paredao-eventstore', 'paredao-keys', 'paredao-mongodb'],
      'audit-api': ['paredao-eventstore', 'paredao-keys', 'paredao-mongodb'],
      web: [],
    });
  });

  it('mounts what there is', () => {
    for (const workload of workloads()) {
      const { volumes = [] } = podOf(workload);
      const claims = (workload.spec.volumeClaimTemplates ?? []).map(({ metadata }) => metadata.name);
      const mounted = containersOf(workload).flatMap(({ volumeMounts = [] }) => volumeMounts.map(({ name }) => name));
      expect([...new Set(mounted)].sort()).toEqual([...volumes.map(({ name }) => name), ...claims].sort());
      const maps = [
        ...volumes.flatMap(({ configMap }) => configMap?.name ?? []),
        ...containersOf(workload).flatMap(({ envFrom = [] }) => envFrom.map(({ configMapRef }) => configMapRef.name)),
      ];
      expect(maps.filter((name) => !names(ofKind('ConfigMap')).includes(name))).toEqual([]);
    }
  });

  it('gives the programs an environment that they know and accept', () => {
    const known = readFileSync('libs/platform/environment.ts', 'utf8');
    const folderOfSecrets = temporaryDirectory();
    writeFileSync(join(folderOfSecrets, 'eventstore-url'), 'esdb://eventstoredb:2113?tls=false');
    writeFileSync(join(folderOfSecrets, 'mongodb-url'), 'mongodb://mongo:27017/paredao');
    const shared = ofKind('ConfigMap').find(({ metadata }) => metadata.name.startsWith('app-environment'))?.data;
    for (const workload of ofKind('Deployment').filter(({ metadata }) => PROGRAMS.includes(metadata.name))) {
      const [container] = podOf(workload).containers;
      const own = (container?.env ?? []).map(({ name, value = '' }) => [
        name,
        value.replace('/run/paredao', folderOfSecrets),
      ]);
      const all = { ...shared, ...(Object.fromEntries(own) as Record<string, string>) };
      // the one for SQLite itself is not ours
      for (const variable of Object.keys(all).filter((name) => name !== 'SQLITE_TMPDIR')) {
        const field = variable
          .replace(/_FILE$/, '')
          .toLowerCase()
          .replaceAll(/_([a-z])/g, (_match, letter: string) => letter.toUpperCase());
        expect(known).toMatch(new RegExp(`\\b${field}\\b`));
      }
      const { port, eventstoreUrl, mongodbUrl } = readEnvironment({}, all);
      const secrets = secretsOf(podOf(workload));
      expect([port, eventstoreUrl !== undefined, mongodbUrl !== undefined]).toEqual([
        container?.ports?.[0]?.containerPort,
        secrets.includes('paredao-eventstore'),
        secrets.includes('paredao-mongodb'),
      ]);
    }
  });
});
