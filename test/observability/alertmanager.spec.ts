import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { type Server, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

import { eventually } from '../support/eventually.ts';
import { freePort, temporaryDirectory } from '../support/server.ts';
import { needs } from '../tools/needs.ts';
import { startProgram } from './prometheus.ts';

interface Notification {
  readonly receiver: string;
  readonly status: string;
  readonly alerts: readonly { readonly labels: Readonly<Record<string, string>> }[];
}

/** Debian's name for it. */
const ALERTMANAGER = 'prometheus-alertmanager';
const LIMIT_MS = 20_000;
const GROUP_WAIT_MS = 1000;

needs('alertmanager')('Alertmanager with a webhook', () => {
  const received: Notification[] = [];
  let webhook: Server;
  let port: number;

  beforeAll(async () => {
    webhook = createServer((request, response) => {
      let body = '';
      request.setEncoding('utf8').on('data', (text: string) => (body += text));
      request.once('end', () => {
        received.push(JSON.parse(body) as Notification);
        response.end();
      });
    }).listen(0, '127.0.0.1');
    await once(webhook, 'listening');
    port = await freePort();
    const folder = temporaryDirectory();
    const file = join(folder, 'alertmanager.yml');
    writeFileSync(file, configuration((webhook.address() as AddressInfo).port));
    const address = `--web.listen-address=127.0.0.1:${port}`;
    startProgram(
      ALERTMANAGER,
      `--config.file=${file}`,
      `--storage.path=${folder}`,
      address,
      '--cluster.listen-address=',
    );
    const isReady = (): Promise<boolean> =>
      fetch(`http://127.0.0.1:${port}/-/ready`).then(
        ({ ok }) => ok,
        () => false,
      );
    await eventually(isReady, (ready) => ready, LIMIT_MS);
  }, 2 * LIMIT_MS);

  afterAll(() => {
    webhook.close();
    webhook.closeAllConnections();
  });

  /** As alertmanager.sh starts it, but impatient; Debian's version takes no address from a file. */
  const configuration = (webhookPort: number): string =>
    readFileSync('prometheus/alertmanager.yml', 'utf8')
      .replace('receiver: nobody', 'receiver: webhook')
      .replace(/url_file: .*/, `url: http://127.0.0.1:${webhookPort}/`)
      .replace('group_wait: 10s', `group_wait: ${GROUP_WAIT_MS}ms`);

  const alert = (alertname: string, severity: string, labels = {}): object => ({
    labels: { alertname, severity, ...labels },
    annotations: { summary: alertname },
  });

  const names = (): string[] =>
    [...new Set(received.flatMap(({ alerts }) => alerts.map(({ labels }) => labels['alertname']!)))].sort();

  it(
    'tells of what fires, but of no objective twice, nor of targets of a service that is gone',
    async () => {
      const alerts = [
        alert('VoteErrorBudgetBurnsFast', 'critical', { objective: 'vote-errors' }),
        alert('VoteErrorBudgetBurns', 'warning', { objective: 'vote-errors' }),
        alert('VoteLatencyBudgetBurns', 'warning', { objective: 'vote-latency' }),
        alert('ServiceMissing', 'critical', { service: 'projector' }),
        alert('TargetDown', 'warning', { service: 'projector', instance: 'a' }),
        alert('EventLogRetries', 'warning'),
      ];
      const response = await fetch(`http://127.0.0.1:${port}/api/v2/alerts`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(alerts),
      });
      expect(response.status).toBe(200);
      await eventually(names, ({ length }) => length >= 4, LIMIT_MS);
      // as long again as each group waits: what is not there then is held back
      await delay(2 * GROUP_WAIT_MS);
      expect(names()).toEqual([
        'EventLogRetries',
        'ServiceMissing',
        'VoteErrorBudgetBurnsFast',
        'VoteLatencyBudgetBurns',
      ]);
      expect(received.every(({ receiver, status }) => receiver === 'webhook' && status === 'firing')).toBe(true);
    },
    2 * LIMIT_MS,
  );
});
