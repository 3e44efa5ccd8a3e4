import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';

import { MINUTE_MS, type VoteCast, ballotBoxStream, encodeVoteCast, minuteOf } from '#domain';
import { EventStoreDbEventLog } from '#event-log/eventstoredb';

import { TestWitness } from '../../libs/witness/testing/witnesses.ts';
import { RECOVERY_LIMIT_MS, STACK, Stack } from '../distributed/stack.ts';
import { doubleProcess } from '../eventstoredb-double/server-process.ts';
import { describeOnDouble } from '../eventstoredb-double/server-under-test.ts';
import { Crowd } from '../support/crowd.ts';
import { eventually } from '../support/eventually.ts';
import { Random } from '../support/random.ts';
import { Server, freePort } from '../support/server.ts';
import { needs } from '../tools/needs.ts';
import { alertSelectors, expressions } from './files.ts';
import { Prometheus, type Series, startProgram } from './prometheus.ts';

/** Metrics of what does not run here, whose queries are only parsed: cAdvisor, MongoDB's exporter, Fluent Bit, the log keeper. */
const ELSEWHERE = /container_|mongodb_|fluentbit_|log_keeper_|job="(mongodb|containers|fluent-bit)"/;

const FAILED_VOTES = 'http_request_duration_seconds_count{route="/votar/:participante",status="503"}';
/** The least that Prometheus takes a rate over, here. */
const WINDOW = '10s';
/** Time for that many samples, and a bit. */
const WATCHED_MS = 15_000;
const VOTERS = 20;
const VOTER_PAUSE_MS = 500;
/** Votes that may wait: few, so that the queue gets full at once while the log is frozen. */
const QUEUE_LIMIT = 10;
const RUSH = 40;
/** More than the curve compares one with, and votes in each for either participant: a ratio to fewer than ten is not shown. */
const EARLIER_MINUTES = 8;
const EARLIER_VOTES = 20;
const LIMIT_MS = 180_000;

/** Asked when a poll has been closed. */
const CLOSING = 'Encerramento do paredão';

const isHere = (text: string): boolean => !ELSEWHERE.test(text);

/** As Grafana fills it in, everything chosen. */
const filledIn = (expression: string): string =>
  expression.replaceAll('$__rate_interval', WINDOW).replaceAll(/\$(service|instance)\b/g, '.+');

const hasNumber = (series: readonly Series[]): boolean => series.some(({ value }) => !Number.isNaN(Number(value[1])));

const MEASURED = needs(...STACK, 'prometheus', 'nginx-exporter', 'node-exporter');

const suite = (): void => {
  let stack: Stack;
  let prometheus: Prometheus;
  let crowd: Crowd;
  let pollId: string;
  let active = true;
  let trouble: Promise<void>;
  const ends: (() => Promise<unknown>)[] = [];
  /** A store of the lines whose metrics have the other name. */
  const older = doubleProcess();

  beforeAll(async () => {
    await older.start('--line', '24.10');
    ends.push(() => older.kill());
    const [deployments, witnessPort] = [[] as string[], await freePort()];
    const witness = new TestWitness(deployments);
    const WITNESSES = `${witness.vkey} http://127.0.0.1:${witnessPort}${witness.path} contracted`;
    stack = await Stack.start({ VOTE_QUEUE_LIMIT: String(QUEUE_LIMIT), STREAM_LIMIT: '0', WITNESSES });
    ends.push(() => stack.stop());
    deployments.push((await stack.client.get('/urna/vkey')).text.trim());
    witness.restart();
    ends.push((await witness.listen(witnessPort)).close);
    prometheus = await Prometheus.start(await targets());
    pollId = await stack.openPoll();
    await putVotesOfEarlier(pollId);
    crowd = new Crowd(stack.nginx.port, VOTERS, new Random(1), VOTER_PAUSE_MS);
    trouble = keepMakingTrouble();
    ends.push(
      () => trouble,
      () => crowd.end(),
    );
    await putGarbage(pollId);
    // twice: of a counter that is born with its first fault, Prometheus sees no growth
    await freezeTheLog();
    await eventually(() => prometheus.query(FAILED_VOTES), hasNumber, RECOVERY_LIMIT_MS);
    await freezeTheLog();
    await delay(WATCHED_MS);
  }, LIMIT_MS);

  afterAll(async () => {
    active = false;
    // what did not start need not end
    for (const end of ends.reverse()) await end();
  });

  async function targets(): Promise<Parameters<typeof Prometheus.start>[0]> {
    const [nginxPort, nodePort] = [await freePort(), await freePort()];
    const scrape = `http://127.0.0.1:${stack.nginx.statusPort}/status`;
    startProgram(
      'prometheus-nginx-exporter',
      `-web.listen-address=127.0.0.1:${nginxPort}`,
      `-nginx.scrape-uri=${scrape}`,
    );
    startProgram('prometheus-node-exporter', `--web.listen-address=127.0.0.1:${nodePort}`);
    const env = { EVENTSTORE_URL: stack.stores.eventstoreUrl, MONGODB_URL: stack.mongo.url };
    const auditApi = await Server.start({ program: 'audit-api', dataDir: stack.dataDir, env });
    const services = Object.entries({
      'command-api': 'commandApis',
      projector: 'projectors',
      'query-api': 'queryApis',
    } as const);
    return [
      ...services.flatMap(([service, name]) =>
        [0, 1]
          .filter((index) => index === 0 || name !== 'queryApis')
          .map((index) => ({ job: 'paredao', service, port: stack.service(name, index).metricsPort })),
      ),
      { job: 'paredao', service: 'audit-api', port: auditApi.metricsPort },
      { job: 'eventstoredb', port: stack.eventLog.httpPort },
      { job: 'eventstoredb', port: older.httpPort },
      { job: 'nginx', port: nginxPort },
      { job: 'node', port: nodePort },
    ];
  }

  /** What is refused, and what fails: streams are full from the start. */
  async function keepMakingTrouble(): Promise<void> {
    const { client } = stack;
    while (active) {
      const solved = await client.solved().catch(() => '');
      await client.vote(1, Buffer.from('{}').toString('base64'));
      await client.vote(9, solved);
      await client.get('/resultado');
      await client.get('/resultado/aovivo');
      await delay(200);
    }
  }

  /** An event that nobody can read. */
  async function putGarbage(pollId: string): Promise<void> {
    const log = EventStoreDbEventLog.connect(stack.stores.eventstoreUrl);
    const data = Buffer.from('{"voteId":"not a vote"}');
    await log.append(ballotBoxStream(pollId), [{ id: randomUUID(), type: 'VoteCast', version: 1, data }], 'any');
    await log.close();
  }

  /** The curve compares whole minutes, and this suite has not that many. */
  async function putVotesOfEarlier(pollId: string): Promise<void> {
    const log = EventStoreDbEventLog.connect(stack.stores.eventstoreUrl);
    const now = minuteOf(Date.now());
    for (let minute = now - EARLIER_MINUTES * MINUTE_MS; minute < now; minute += MINUTE_MS) {
      const votes = Array.from({ length: 2 * EARLIER_VOTES }, (_, index) => ({
        id: randomUUID(),
        ...encodeVoteCast(voteOf(1 + (index % 2), minute)),
      }));
      await log.append(ballotBoxStream(pollId), votes, 'any');
    }
    await log.close();
  }

  const voteOf = (participantId: number, castAt: number): VoteCast => ({
    ...{ voteId: randomUUID().replaceAll('-', ''), participantId, castAt, expiresAt: castAt + 5 * MINUTE_MS },
    humanCheck: { provider: 'altcha', price: 'base', evidence: '0'.repeat(32) },
  });

  /** Until a vote finds the queue full. */
  async function freezeTheLog(): Promise<void> {
    const { client } = stack;
    const solved = await Promise.all(Array.from({ length: RUSH }, () => client.solved()));
    await stack.eventLog.control('freeze');
    const rush = solved.map((altcha) => client.vote(1, altcha));
    await Promise.any(rush.map((vote) => vote.then(({ status }) => expect(status).toBe(503))));
    await stack.eventLog.control('thaw');
    await Promise.all(rush);
  }

  const ofOpenPoll = ([place, text]: readonly [string, string]): boolean => isHere(text) && !place.endsWith(CLOSING);
  it.each(expressions.filter(ofOpenPoll))('answers %s', async (_place, text) => {
    const answer = await eventually(() => prometheus.query(filledIn(text)), hasNumber);
    expect(hasNumber(answer)).toBe(true);
  });

  it.each(expressions.filter(([, text]) => !isHere(text)))('understands %s', async (_place, text) => {
    expect(Array.isArray(await prometheus.query(filledIn(text)))).toBe(true);
  });

  it.each(alertSelectors.filter(([, text]) => isHere(text)))('has what %s looks at: %s', async (_alert, text) => {
    expect((await prometheus.query(text)).length).toBeGreaterThan(0);
  });

  it.each(expressions.filter(([, text]) => text.includes('kurrentdb|eventstore')))(
    'asks stores of all lines: %s',
    async (_place, text) => {
      const names = ['kurrentdb', 'eventstore'].map((prefix) => text.replace('(kurrentdb|eventstore)', prefix));
      for (const name of names) {
        const answer = await eventually(() => prometheus.query(filledIn(name)), hasNumber);
        expect([name, hasNumber(answer)]).toEqual([name, true]);
      }
    },
  );

  it('shows the faults and the refusals', async () => {
    const rates = (status: string): Promise<readonly Series[]> =>
      prometheus.query(`sum by (route, status) (http_request_duration_seconds_count{status=~"${status}"}) > 0`);
    const routes = async (status: string): Promise<string[]> =>
      (await rates(status)).map(({ metric }) => `${metric['status']} ${metric['route']}`);
    expect(await routes('5..')).toEqual(expect.arrayContaining(['503 /votar/:participante', '503 /resultado/aovivo']));
    expect(await routes('4..')).toEqual(expect.arrayContaining(['404 /votar/:participante']));
  });

  it('calls for help: votes failed, and an event cannot be read', async () => {
    const wanted = ['EventsQuarantined', 'VoteErrorBudgetBurnsFast'];
    const areAll = (names: string[]): boolean => wanted.every((name) => names.includes(name));
    const firing = await eventually(() => prometheus.firing(), areAll);
    expect(firing).not.toContain('ServiceMissing');
  });

  it('marks the closing of a poll', async () => {
    active = false;
    await crowd.end();
    await trouble;
    await stack.closePoll(pollId);
    const [, closing] = expressions.find(([place]) => place.endsWith(CLOSING))!;
    await eventually(() => prometheus.query(filledIn(closing)), hasNumber);
  });

  it(
    'misses a service that does not answer, until it does',
    async () => {
      const isMissed = (names: string[]): boolean => names.includes('ServiceMissing');
      const ask = (): Promise<string[]> => prometheus.firing();
      stack.service('queryApis').signal('SIGSTOP');
      await eventually(ask, isMissed, 2 * RECOVERY_LIMIT_MS);
      stack.service('queryApis').signal('SIGCONT');
      await eventually(ask, (names) => !isMissed(names), RECOVERY_LIMIT_MS);
    },
    LIMIT_MS,
  );
};

describeOnDouble('a real Prometheus that watches the running stack', 'a store that is frozen', suite, MEASURED);
