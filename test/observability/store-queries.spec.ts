import { afterAll, beforeAll, expect, it } from '@jest/globals';

import { EventStoreDbEventLog } from '#event-log/eventstoredb';

import { events, newPrefix } from '../eventstoredb-double/fixtures.ts';
import { ServerProcess } from '../eventstoredb-double/server-process.ts';
import { describeOnServer } from '../eventstoredb-double/server-under-test.ts';
import { eventually } from '../support/eventually.ts';
import { needs } from '../tools/needs.ts';
import { expressions } from './files.ts';
import { Prometheus, type Series } from './prometheus.ts';

/** The least that Prometheus takes a rate over, here. */
const WINDOW = '10s';
const LIMIT_MS = 60_000;

const ofStore = expressions.filter(([, text]) => /kurrentdb|job="eventstoredb"/.test(text));
const hasNumber = (series: readonly Series[]): boolean => series.some(({ value }) => !Number.isNaN(Number(value[1])));

const suite = (): void => {
  let server: ServerProcess;
  let prometheus: Prometheus;
  let writing: NodeJS.Timeout;
  let log: EventStoreDbEventLog;

  beforeAll(async () => {
    server = await ServerProcess.start();
    log = EventStoreDbEventLog.connect(server.connectionString);
    const stream = newPrefix();
    await log.append(stream, events(5), 'any');
    writing = setInterval(() => void log.append(stream, events(5), 'any').catch(() => {}), 500);
    prometheus = await Prometheus.start([{ job: 'eventstoredb', ...server.metrics }]);
  }, LIMIT_MS);

  afterAll(async () => {
    clearInterval(writing);
    await log.close();
    await server.stop();
  });

  it.each(ofStore)(
    'answers %s',
    async (_place, text) => {
      const filledIn = text.replaceAll('$__rate_interval', WINDOW);
      expect(hasNumber(await eventually(() => prometheus.query(filledIn), hasNumber))).toBe(true);
    },
    LIMIT_MS,
  );

  it('sees the log grow', async () => {
    const [, growth] = ofStore.find(([place]) => place.includes('EventStoreDB: log'))!;
    const isGrowing = (series: readonly Series[]): boolean => series.some(({ value }) => Number(value[1]) > 0);
    await eventually(() => prometheus.query(growth.replaceAll('$__rate_interval', WINDOW)), isGrowing);
  });
};

describeOnServer('a real Prometheus that watches the store', suite, needs('prometheus'));
