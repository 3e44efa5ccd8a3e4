import { describe, expect, it } from '@jest/globals';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';

import { OBJECTIVES } from '#contract';
import { LATENCY_BUCKETS } from '#platform';

import { readRunbooks } from '../../apps/standalone/sre/runbooks.ts';
import { makeSecrets } from '../compose/compose.ts';
import { temporaryDirectory } from '../support/server.ts';
import { needs } from '../tools/needs.ts';
import { alertSelectors, rules } from './files.ts';
import { runTool } from './prometheus.ts';

const RULES = ['prometheus/rules/objectives.yml', 'prometheus/rules/alerts.yml'];
const TESTS = ['prometheus/tests/objectives.test.yml', 'prometheus/tests/alerts.test.yml'];
/** promtool goes through ten hours of votes in steps of a minute. */
const SLOW = 120_000;

const alerts = rules.filter(({ alert }) => alert !== undefined);
const read = (file: string): string => readFileSync(file, 'utf8');
const OPERATIONS = read('docs/operations.md');

needs('prometheus', 'alertmanager')('promtool and amtool', () => {
  it('take the rules', () => {
    const { status, stderr } = runTool('promtool', 'check', 'rules', '--lint=all', '--lint-fatal', ...RULES);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  });

  it('take the scrape configuration', () => {
    const { status, stderr } = runTool('promtool', 'check', 'config', '--syntax-only', 'prometheus/prometheus.yml');
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  });

  it(
    'see every alert fire and clear when it should',
    () => {
      const { status, stdout, stderr } = runTool('promtool', 'test', 'rules', ...TESTS);
      expect({ status, stdout, stderr }).toMatchObject({ status: 0 });
    },
    SLOW,
  );

  it.each(['nobody', 'webhook'])('take the routes of alerts to %s', (receiver) => {
    const file = join(temporaryDirectory(), 'alertmanager.yml');
    // what alertmanager.sh does; the address is in the file's place because Debian's Alertmanager knows no `url_file`
    const text = read('prometheus/alertmanager.yml')
      .replace('receiver: nobody', `receiver: ${receiver}`)
      .replace(/url_file: .*/, 'url: http://127.0.0.1:9/');
    writeFileSync(file, text);
    const { status, stdout, stderr } = runTool('amtool', 'check-config', file);
    expect({ status, stdout, stderr }).toMatchObject({ status: 0, stdout: expect.stringContaining('SUCCESS') });
    const test = ['config', 'routes', 'test', `--config.file=${file}`, 'alertname=EventsQuarantined'];
    expect(runTool('amtool', ...test).stdout.trim()).toBe(receiver);
  });
});

describe('a server behind an exporter', () => {
  it.each(['mongodb', 'nginx'])('is down on the board when %s does not answer, though its exporter does', (job) => {
    const board = read('grafana/dashboards/infraestrutura.json');
    expect(board).toContain(`"avg(${job}_up or on (instance) up{job=\\"${job}\\"})"`);
    expect(alertSelectors).toContainEqual(['ServerDown', `${job}_up`]);
  });
});

describe('every alert', () => {
  it.each(alerts.map((rule) => [rule.alert!, rule] as const))('%s says what to do', (name, { labels, annotations }) => {
    expect(labels?.['severity']).toMatch(/^(critical|warning)$/);
    expect(Object.keys(annotations ?? {}).sort()).toEqual(['description', 'runbook_url', 'summary']);
    expect(annotations?.['runbook_url']).toBe(`docs/operations.md#${name.toLowerCase()}`);
    const paragraph = readRunbooks(OPERATIONS).get(name);
    expect(Object.keys(paragraph ?? {})).toEqual(['means', 'public', 'toDo', 'over']);
    for (const part of Object.values(paragraph ?? {})) expect(part).toMatch(/^\S.{5,}\.$/s);
  });

  it('is the only one with a runbook of its name', () => {
    const headings = [...OPERATIONS.matchAll(/^#### (.+)$/gm)].map(([, name]) => name);
    expect(headings.sort()).toEqual(alerts.map(({ alert }) => alert).sort());
  });

  it('has a unit test, and looks at something', () => {
    const tests = TESTS.map(read).join('\n');
    const looking = alertSelectors.map(([alert]) => alert);
    for (const { alert = '' } of alerts) {
      expect(tests).toContain(`alertname="${alert}"`);
      expect(looking).toContain(alert);
    }
  });
});

describe('the objectives', () => {
  const { voteErrors, voteLatency, projectionLag, standstill, queue, fastBurn } = OBJECTIVES;
  const expressionOf = (name: string): string => rules.find(({ alert, record }) => (alert ?? record) === name)!.expr;
  /** The shares that an alert compares with, in its order. */
  const bounds = (name: string): number[] =>
    [...expressionOf(name).matchAll(/> ([\d.]+)/g)].map(([, bound]) => Number(bound));
  const times = (share: number, ...factors: number[]): number[] =>
    factors.flatMap((factor) => [factor * share, factor * share]).map((bound) => Number(bound.toPrecision(6)));

  it.each([
    ['VoteErrorBudget', voteErrors.share],
    ['VoteLatencyBudget', voteLatency.share],
    ['ProjectionLagBudget', projectionLag.share],
  ])('are what %s allows', (name, share) => {
    expect(bounds(`${name}BurnsFast`)).toEqual(times(share, fastBurn, 6));
    expect(bounds(`${name}Burns`)).toEqual(times(share, 3, 1));
  });

  it('are what the rules measure', () => {
    const slow = rules.filter(({ record }) => record?.startsWith('vote:slow:'));
    expect(slow.length).toBeGreaterThan(5);
    for (const { expr } of slow) expect(expr).toContain(`le="${voteLatency.seconds}"`);
    expect(LATENCY_BUCKETS).toContain(voteLatency.seconds);
    expect(expressionOf('projection:late')).toContain(`> bool ${projectionLag.seconds}`);
    expect(bounds('VotesStandStill')).toEqual([standstill.alertSeconds]);
    expect(bounds('VoteQueueNearlyFull')).toEqual([queue.share]);
  });

  it('are what the document says', () => {
    const text = OPERATIONS.replaceAll(/\s+/g, ' ');
    const percent = (share: number): string => `${Number((100 * (1 - share)).toPrecision(6))} %`;
    expect(text).toContain(`${percent(voteErrors.share)} of the votes are answered without 5xx`);
    expect(text).toContain(`${percent(voteLatency.share)} in under ${voteLatency.seconds * 1000} ms`);
    expect(text).toContain(
      `${percent(projectionLag.share)} of the time the results are less than ${projectionLag.seconds} s behind`,
    );
    expect(text).toContain(`"Burns fast": ${fastBurn} times the allowed share`);
  });
});

describe('the targets', () => {
  interface ScrapeConfig {
    readonly job_name: string;
    readonly dns_sd_configs?: readonly { readonly names: readonly string[]; readonly port: number }[];
    readonly static_configs?: readonly { readonly targets: readonly string[] }[];
    readonly metrics_path?: string;
    readonly relabel_configs?: readonly object[];
  }
  const { services } = parse(read('docker-compose.yml'), { merge: true }) as {
    services: Record<
      string,
      { environment?: Record<string, string>; networks?: string[]; command?: string[]; volumes?: string[] }
    >;
  };
  const { scrape_configs: jobs } = parse(read('prometheus/prometheus.yml')) as { scrape_configs: ScrapeConfig[] };
  const targets = [
    ...jobs.flatMap(({ static_configs: configs = [] }) => configs.flatMap((config) => config.targets)),
    ...['', '-cluster'].flatMap((suffix) => {
      const [group] = parse(read(`prometheus/targets/eventstoredb${suffix}.yml`)) as { targets: string[] }[];
      return group?.targets ?? [];
    }),
  ].filter((target) => !/^127\.|eventstoredb-\d/.test(target));
  const byName = jobs.flatMap(({ dns_sd_configs: configs = [] }) => configs);

  it('are services of the stack, on a network that Prometheus is on', () => {
    const networks = new Set(services['prometheus']?.networks);
    const names = [...targets.map((target) => target.split(':')[0]!), ...byName.flatMap((config) => config.names)];
    expect(names.length).toBeGreaterThan(8);
    for (const name of names) {
      const shared = services[name]?.networks?.filter((network) => networks.has(network)) ?? [];
      expect({ name, isReached: shared.length > 0 }).toEqual({ name, isReached: true });
    }
  });

  it('are all the programs that log and count', () => {
    const programs = Object.keys(services).filter((name) => services[name]?.environment?.['PORT'] !== undefined);
    expect(programs).toContain('audit-api');
    expect(byName.flatMap((config) => config.names)).toEqual(expect.arrayContaining(programs));
    const { expr } = alerts.find(({ alert }) => alert === 'ServiceMissing')!;
    for (const name of programs) expect(expr).toContain(`absent(up{job="paredao",service="${name}"})`);
  });

  it.each([
    ['', 'mongodb-url'],
    ['-cluster', 'mongodb-cluster-url'],
  ])('are the members of MongoDB that the exporter knows%s', (suffix, url) => {
    const [group] = parse(read(`prometheus/targets/mongodb${suffix}.yml`)) as { targets: string[] }[];
    const folder = temporaryDirectory();
    makeSecrets(folder);
    const [, members] = /@([^/]+)\//.exec(read(join(folder, 'monitoring', url))) ?? [];
    expect(group?.targets.join()).toBe(members);
    const job = jobs.find(({ job_name: name }) => name === 'mongodb');
    // the exporter's way of asking one of several members
    expect(job).toMatchObject({ metrics_path: '/scrape' });
    expect(job?.relabel_configs).toEqual([
      { source_labels: ['__address__'], target_label: '__param_target' },
      { source_labels: ['__address__'], target_label: 'instance' },
      { target_label: '__address__', replacement: 'mongodb-exporter:9216' },
    ]);
    expect(read('deploy/compose/mongodb-exporter.sh')).toMatch(/^exec mongodb_exporter --split-cluster /m);
  });

  it('of the log keeper are where the node exporter reads them', () => {
    const folder = '/var/lib/log-keeper';
    const { command = [], volumes = [] } = services['node-exporter'] ?? {};
    expect(command).toContain(`--collector.textfile.directory=${folder}`);
    expect(volumes).toContain(`log-keeper-metrics:${folder}:ro`);
    expect(services['log-keeper']?.command).toContain(`${folder}/log-keeper.prom`);
    expect(services['log-keeper']?.volumes).toContain(`log-keeper-metrics:${folder}`);
  });

  it('are the services’ own ports', () => {
    for (const { names, port } of byName) {
      for (const name of names) {
        const own = services[name]?.environment?.['PORT'];
        if (own !== undefined) expect([name, port]).toEqual([name, Number(own)]);
      }
    }
  });
});
