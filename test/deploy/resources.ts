import { parseAllDocuments } from 'yaml';

import { run } from './tools.ts';

export type Labels = Readonly<Record<string, string>>;

export interface Selector {
  readonly matchLabels?: Labels;
  readonly matchExpressions?: readonly { readonly key: string; readonly operator: string; readonly values: string[] }[];
}

interface Probe {
  readonly httpGet?: { readonly path: string; readonly port: string };
}

export interface Container {
  readonly name: string;
  readonly image: string;
  readonly securityContext?: Readonly<Record<string, unknown>>;
  readonly resources?: { readonly requests?: Labels; readonly limits?: Labels };
  readonly startupProbe?: Probe;
  readonly livenessProbe?: Probe;
  readonly readinessProbe?: Probe;
  readonly lifecycle?: { readonly preStop?: { readonly sleep?: { readonly seconds: number } } };
  readonly ports?: readonly { readonly name: string; readonly containerPort: number }[];
  readonly env?: readonly {
    readonly name: string;
    readonly value?: string;
    readonly valueFrom?: { readonly secretKeyRef: { readonly name: string; readonly key: string } };
  }[];
  readonly envFrom?: readonly { readonly configMapRef: { readonly name: string } }[];
  readonly volumeMounts?: readonly { readonly name: string; readonly mountPath: string }[];
}

interface Volume {
  readonly name: string;
  readonly secret?: { readonly secretName: string };
  readonly configMap?: { readonly name: string };
  readonly emptyDir?: { readonly medium?: string; readonly sizeLimit: string };
  readonly projected?: { readonly sources: readonly { readonly secret: { readonly name: string } }[] };
}

export interface PodSpec {
  readonly containers: readonly Container[];
  readonly initContainers?: readonly Container[];
  readonly volumes?: readonly Volume[];
  readonly securityContext?: Readonly<Record<string, unknown>>;
  readonly terminationGracePeriodSeconds?: number;
  readonly automountServiceAccountToken?: boolean;
  readonly enableServiceLinks?: boolean;
  readonly topologySpreadConstraints?: readonly {
    readonly topologyKey: string;
    readonly labelSelector: Selector;
    readonly matchLabelKeys?: readonly string[];
  }[];
}

interface Peer {
  readonly podSelector?: Selector;
  readonly namespaceSelector?: Selector;
  readonly ipBlock?: { readonly cidr: string };
}

interface Rule {
  readonly from?: readonly Peer[];
  readonly to?: readonly Peer[];
  readonly ports?: readonly { readonly port: number }[];
}

export interface Resource {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string; readonly labels?: Labels };
  readonly data?: Labels;
  readonly spec: {
    readonly replicas?: number;
    readonly selector: Selector & Labels;
    readonly template: { readonly metadata: { readonly labels: Labels }; readonly spec: PodSpec };
    readonly volumeClaimTemplates?: readonly { readonly metadata: { readonly name: string } }[];
    readonly scaleTargetRef: { readonly kind: string; readonly name: string };
    readonly minReplicas: number;
    readonly minAvailable: number | string;
    readonly ports: readonly { readonly port: number; readonly targetPort: string }[];
    readonly podSelector: Selector;
    readonly policyTypes: readonly string[];
    readonly ingress?: readonly Rule[];
    readonly egress?: readonly Rule[];
    readonly rules: readonly { readonly backendRefs: readonly { readonly name: string; readonly port: number }[] }[];
  };
}

/** What kustomize makes of a folder of deploy/kubernetes: the text, and the resources in it. */
export function build(folder: string): { readonly text: string; readonly resources: Resource[] } {
  const { status, stdout, stderr } = run('kustomize', ['build', `deploy/kubernetes/${folder}`]);
  if (status !== 0 || stderr !== '') throw new Error(`kustomize build ${folder}: ${stderr}`);
  return { text: stdout, resources: parseAllDocuments(stdout).map((document) => document.toJS() as Resource) };
}

export const selects = ({ matchLabels = {}, matchExpressions = [] }: Selector, labels: Labels): boolean =>
  Object.entries(matchLabels).every(([key, value]) => labels[key] === value) &&
  matchExpressions.every(
    ({ key, operator, values }) => operator === 'In' && key in labels && values.includes(labels[key]!),
  );

/** Names of the Secrets that a pod reads. */
export const secretsOf = ({ volumes = [], containers }: PodSpec): string[] =>
  [
    ...volumes.flatMap(({ secret, projected }) => [
      ...(secret ? [secret.secretName] : []),
      ...(projected?.sources ?? []).map((source) => source.secret.name),
    ]),
    ...containers.flatMap(({ env = [] }) => env.flatMap(({ valueFrom }) => valueFrom?.secretKeyRef.name ?? [])),
  ].sort();

/** Who may speak to whom by the network policies, as `from → to:port`; outsiders by what they are called there. */
export function arrows(resources: readonly Resource[]): { readonly out: string[]; readonly in: string[] } {
  const workloads = resources.filter(({ kind }) => kind === 'Deployment' || kind === 'StatefulSet');
  const matching = (selector: Selector): string[] =>
    workloads
      .filter(({ spec }) => selects(selector, spec.template.metadata.labels))
      .map(({ metadata }) => metadata.name);
  const peers = ({ podSelector, namespaceSelector, ipBlock }: Peer): string[] => {
    if (ipBlock !== undefined) return [ipBlock.cidr];
    if (namespaceSelector !== undefined) return Object.values(namespaceSelector.matchLabels ?? {});
    return matching(podSelector ?? {});
  };
  const between = (from: string[], to: string[], { ports = [] }: Rule): string[] =>
    from.flatMap((source) => to.flatMap((target) => ports.map(({ port }) => `${source} → ${target}:${port}`)));
  const policies = resources.filter(({ kind }) => kind === 'NetworkPolicy').map(({ spec }) => spec);
  const unique = (list: string[]): string[] => [...new Set(list)].sort();
  return {
    out: unique(
      policies.flatMap(({ podSelector, egress = [] }) =>
        egress.flatMap((rule) => between(matching(podSelector), (rule.to ?? [{}]).flatMap(peers), rule)),
      ),
    ),
    in: unique(
      policies.flatMap(({ podSelector, ingress = [] }) =>
        ingress.flatMap((rule) => between((rule.from ?? [{}]).flatMap(peers), matching(podSelector), rule)),
      ),
    ),
  };
}
