import { describe, expect, it } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';

import { dashboards, expressions, panels } from './files.ts';

const TITLES = ['Execuções', 'Latência', 'Erros', 'Votação', 'Infraestrutura'];
/** Variables of Grafana itself. */
const BUILT_IN = ['__rate_interval', '__all'];

const titles = (wanted: typeof panels): string[] =>
  wanted.map(({ dashboard, panel }) => `${dashboard.title} › ${panel.title}`);
const variablesIn = (text: string): string[] =>
  [...text.matchAll(/\$\{?(\w+)/g)].map(([, name]) => name!).filter((name) => !BUILT_IN.includes(name));

describe('what is generated', () => {
  it('is current', () => {
    const { status, stdout, stderr } = spawnSync(process.execPath, ['scripts/generate.mjs', '--check'], {
      encoding: 'utf8',
    });
    expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: '', stderr: '' });
  });
});

describe('the dashboards', () => {
  it('are five, each by an id of its own', () => {
    expect(dashboards.map(({ title }) => title).sort()).toEqual([...TITLES].sort());
    expect(new Set(dashboards.map(({ uid }) => uid)).size).toBe(TITLES.length);
  });

  it.each(dashboards.map((dashboard) => [dashboard.title, dashboard] as const))(
    '%s is drawn anew every 5 s, is not edited by hand, and leads to the others',
    (_title, { schemaVersion, refresh, editable, description, tags, links, annotations }) => {
      expect({ schemaVersion, refresh, editable }).toEqual({ schemaVersion: 42, refresh: '5s', editable: false });
      expect(description).not.toBe('');
      expect(links).toEqual([expect.objectContaining({ type: 'dashboards', tags, includeVars: true })]);
      expect(annotations.list.map(({ name }) => name)).toEqual([
        'Implantações',
        'Abertura do paredão',
        'Encerramento do paredão',
      ]);
    },
  );

  it.each(dashboards.map((dashboard) => [dashboard.title, dashboard] as const))(
    '%s has the variables that it uses, and uses those that it has',
    (_title, dashboard) => {
      const names = dashboard.templating.list.map(({ name }) => name);
      expect(names).toContain('datasource');
      const used = new Set(variablesIn(JSON.stringify([dashboard.panels, dashboard.templating.list])));
      expect([...used].sort()).toEqual([...names].sort());
    },
  );

  it('ask the datasource that is chosen; the one that is provisioned is the first choice', () => {
    expect(titles(panels.filter(({ panel }) => panel.datasource?.uid !== '${datasource}'))).toEqual([]);
    const { datasources } = parse(readFileSync('grafana/provisioning/datasources/prometheus.yml', 'utf8')) as {
      datasources: { uid: string; type: string; url: string }[];
    };
    expect(datasources).toEqual([
      expect.objectContaining({ uid: 'prometheus', type: 'prometheus', url: 'http://prometheus:9090' }),
    ]);
  });

  it('do not draw two panels in one place, nor beyond the edge', () => {
    for (const { panels: all } of dashboards) {
      expect(new Set(all.map(({ id }) => id)).size).toBe(all.length);
      const cells = all.flatMap(({ gridPos: { x, y, w, h } }) =>
        Array.from({ length: w * h }, (_, cell) => `${x + (cell % w)},${y + Math.floor(cell / w)}`),
      );
      expect(new Set(cells).size).toBe(cells.length);
      expect(all.filter(({ gridPos: { x, w } }) => !Number.isInteger(w) || x + w > 24)).toEqual([]);
    }
  });
});

describe('every panel', () => {
  it('has a title, a description, a unit and a query with a legend where it has several lines', () => {
    const isBare = ({ title, description, fieldConfig, targets = [] }: (typeof panels)[number]['panel']): boolean =>
      !title || !description || !fieldConfig?.defaults.unit || targets.length === 0;
    expect(titles(panels.filter(({ panel }) => isBare(panel)))).toEqual([]);
    const lines = panels.filter(({ panel }) => panel.type === 'timeseries');
    expect(titles(lines.filter(({ panel }) => panel.targets?.some(({ legendFormat }) => legendFormat === '')))).toEqual(
      [],
    );
  });

  it('stacks nothing: the height of a line is its value', () => {
    const mode = ({ panel }: (typeof panels)[number]): string | undefined =>
      panel.fieldConfig?.defaults.custom?.stacking?.mode;
    expect(titles(panels.filter((entry) => (mode(entry) ?? 'none') !== 'none'))).toEqual([]);
  });
});

describe('every query', () => {
  it('takes the growth of counters, over a window that follows the zoom, and of nothing else', () => {
    const counter = /(?<![\w:])(?!vote:|projection:)\w+(?:_total|_count|_sum|_bucket)\b(?!\s*\()/g;
    for (const [place, text] of expressions.filter(([where]) => where.includes('›'))) {
      for (const { 0: name, index } of text.matchAll(counter)) {
        const before = text.slice(0, index);
        expect({ place, name, isRate: before.endsWith('rate(') || /__name__=~".*$/.test(before) }).toEqual({
          place,
          name,
          isRate: true,
        });
      }
      for (const [, window] of text.matchAll(/rate\([^[]*\[([^\]]*)\]/g))
        expect([place, window]).toEqual([place, '$__rate_interval']);
    }
  });
});
