import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';

export interface Query {
  readonly refId: string;
  readonly expr: string;
  readonly legendFormat: string;
}

export interface Panel {
  readonly id: number;
  readonly type: string;
  readonly title: string;
  readonly description?: string;
  readonly datasource?: { readonly uid: string };
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
  readonly fieldConfig?: {
    readonly defaults: { readonly unit?: string; readonly custom?: { readonly stacking?: { readonly mode: string } } };
  };
  readonly targets?: readonly Query[];
}

export interface Dashboard {
  readonly uid: string;
  readonly title: string;
  readonly description: string;
  readonly tags: readonly string[];
  readonly schemaVersion: number;
  readonly editable: boolean;
  readonly refresh: string;
  readonly links: readonly { readonly type: string; readonly tags: readonly string[]; readonly includeVars: boolean }[];
  readonly templating: {
    readonly list: readonly { readonly name: string; readonly query: string | { query: string } }[];
  };
  readonly annotations: {
    readonly list: readonly { readonly name: string; readonly target: { readonly expr: string } }[];
  };
  readonly panels: readonly Panel[];
}

export interface Rule {
  readonly record?: string;
  readonly alert?: string;
  readonly expr: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
}

const DASHBOARDS = 'grafana/dashboards';
const RULES = 'prometheus/rules';

export const dashboards: readonly Dashboard[] = readdirSync(DASHBOARDS).map(
  (file) => JSON.parse(readFileSync(join(DASHBOARDS, file), 'utf8')) as Dashboard,
);

export const rules: readonly Rule[] = readdirSync(RULES).flatMap((file) => {
  const { groups } = parse(readFileSync(join(RULES, file), 'utf8')) as { groups: { rules: Rule[] }[] };
  return groups.flatMap((group) => group.rules);
});

/** Of all panels, with what they belong to. */
export const panels = dashboards.flatMap((dashboard) =>
  dashboard.panels.filter(({ type }) => type !== 'row').map((panel) => ({ dashboard, panel })),
);

/** The series that a `label_values(series, label)` asks for. */
const seriesOf = (query: string): string => /^label_values\((.*), \w+\)$/.exec(query)?.[1] ?? query;

/** What every dashboard and recording rule asks, with where it stands. */
export const expressions: readonly (readonly [place: string, expression: string])[] = [
  ...panels.flatMap(({ dashboard, panel }) =>
    (panel.targets ?? []).map(({ refId, expr }) => [`${dashboard.title} › ${panel.title} › ${refId}`, expr] as const),
  ),
  ...dashboards.flatMap(({ title, annotations, templating }) => [
    ...annotations.list.map(({ name, target }) => [`${title} › ${name}`, target.expr] as const),
    ...templating.list
      .filter(({ query }) => typeof query === 'object')
      .map(({ name, query }) => [`${title} › $${name}`, seriesOf((query as { query: string }).query)] as const),
  ]),
  ...rules.filter(({ record }) => record !== undefined).map(({ record = '', expr }) => [record, expr] as const),
];

/** Every selector of series in the alerts: an alert itself is silent when all is well. */
export const alertSelectors: readonly (readonly [place: string, selector: string])[] = rules.flatMap(
  ({ alert, expr }) =>
    alert === undefined
      ? []
      : [...expr.matchAll(/\b(?:up|\w+(?:_|:)[\w:]+)(?![\w:]|\s*\()(?:\{[^}]*\})?/g)].map(
          ([selector]) => [alert, selector] as const,
        ),
);
