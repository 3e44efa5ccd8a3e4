import { beforeAll, describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';

import type { Client } from './support/client.ts';
import { eventually } from './support/eventually.ts';
import { Server } from './support/server.ts';

const COMMIT = '0123456789abcdef0123456789abcdef01234567';

let server: Server;
let client: Client;

beforeAll(async () => {
  server = await Server.start({ env: { COMMIT, VOTE_QUEUE_LIMIT: '77' } });
  client = server.client();
});

/** Series as Prometheus would see them: name and labels → value. */
async function scrape(): Promise<Map<string, number>> {
  const response = await fetch(`http://127.0.0.1:${server.metricsPort}/metrics`);
  const lines = (await response.text()).split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return new Map(lines.map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.split(' ').at(-1))]));
}

const duration = (method: string, status: number): string =>
  `http_request_duration_seconds_count{method="${method}",route="/votar/:participante",status="${status}"}`;

describe('the metrics of a service that has done nothing yet', () => {
  it('have their series, at zero', async () => {
    const series = await scrape();
    const results = [
      ...['accepted', 'repeated', 'aborted', 'poll-not-open', 'human-check-invalid', 'human-check-expired'],
      ...['human-check-used', 'participant-not-found', 'queue-full', 'log-unavailable', 'too-many-requests'],
      ...['malformed-request', 'payload-too-large', 'uri-too-long', 'unsupported-media-type'],
      ...['internal-error', 'shutting-down'],
    ];
    for (const name of [
      ...results.map((result) => `votes_total{result="${result}"}`),
      ...['passed', 'human-check-invalid', 'human-check-expired'].map(
        (text) => `human_checks_total{outcome="${text}"}`,
      ),
      ...['counted', 'duplicate', 'late', 'expired', 'quarantined'].map((text) => `tally_events{outcome="${text}"}`),
      ...['agrees', 'differs', 'failed'].map((text) => `closing_audits{outcome="${text}"}`),
      ...['1', '2'].map((participant) => `tally_votes{poll="1",participant="${participant}"}`),
      ...[200, 201, 400, 403, 404, 409, 429, 500, 503].map((status) => duration('POST', status)),
      ...['error', 'warn'].map((level) => `log_lines_total{level="${level}"}`),
      ...['vote_queue_oldest_seconds', 'vote_queue_standstill_seconds'],
      ...['vote_queue_depth', 'vote_append_retries_total', 'http_problems_total{code="queue-full"}'],
    ]) {
      expect([name, series.get(name)]).toEqual([name, 0]);
    }
  });

  it('say what it is, and what it was told', async () => {
    const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };
    const series = await scrape();
    expect(series.get(`build_info{version="${version}",commit="${COMMIT}"}`)).toBe(1);
    expect(series.get('vote_queue_limit')).toBe(77);
    expect(series.get('human_check_difficulty')).toBe(50);
    expect(series.get('poll_state{poll="1",state="aberto"}')).toBe(1);
    expect(series.get('poll_state{poll="1",state="conferido"}')).toBe(0);
  });

  it('are few enough to be read every few seconds', async () => {
    expect((await scrape()).size).toBeLessThan(6000);
  });
});

describe('the metrics of a service at work', () => {
  it('count every request to vote, by its result', async () => {
    const solved = await client.solved();
    await client.vote(1, solved);
    await client.vote(1, solved);
    await client.vote(2, solved);
    await client.vote(2, 'e30=');
    await client.vote(9, 'e30=');
    await client.call('POST', '/votar/1', { json: {} });
    const wanted = {
      accepted: 1,
      repeated: 1,
      'human-check-used': 1,
      'human-check-invalid': 1,
      'participant-not-found': 1,
      'malformed-request': 1,
    };
    const series = await eventually(scrape, (found) => found.get('votes_total{result="malformed-request"}') === 1);
    for (const [result, count] of Object.entries(wanted)) {
      expect([result, series.get(`votes_total{result="${result}"}`)]).toEqual([result, count]);
    }
    const total = [...series].filter(([name]) => name.startsWith('votes_total')).reduce((sum, [, n]) => sum + n, 0);
    expect(total).toBe(6);
    expect(series.get(duration('POST', 201))).toBe(1);
    expect(series.get('human_checks_total{outcome="passed"}')).toBe(3);
    await eventually(scrape, (found) => found.get('tally_votes{poll="1",participant="1"}') === 1);
  });

  it('follow the poll to its end', async () => {
    await client.admin('POST', '/paredoes/1/encerrar');
    const series = await eventually(scrape, (found) => found.get('poll_state{poll="1",state="encerrado"}') === 1);
    expect(series.get('poll_state{poll="1",state="aberto"}')).toBe(0);
  });

  it('count the lines of the log by level', async () => {
    const level = 'log_lines_total{level="info"}';
    const before = (await scrape()).get(level) ?? 0;
    await client.get('/paredao');
    await eventually(scrape, (found) => (found.get(level) ?? 0) > before);
  });
});
