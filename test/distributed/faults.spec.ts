import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { setTimeout as delay } from 'node:timers/promises';

import type { Answer } from '../support/client.ts';
import { eventually } from '../support/eventually.ts';
import { expectProblemShape } from '../support/problem.ts';
import { Load } from './load.ts';
import { RECOVERY_LIMIT_MS, type ServiceName, Stack, describeOnDoubleStack } from './stack.ts';

/** How long the servers are away, s: more by hand than in every run. */
const LOG_FROZEN_SECONDS = Number(process.env['LOG_FROZEN_SECONDS'] ?? 15);
const MONGO_AWAY_SECONDS = Number(process.env['MONGO_AWAY_SECONDS'] ?? 8);
const TEST_LIMIT_MS = 120_000 + (LOG_FROZEN_SECONDS + MONGO_AWAY_SECONDS) * 1000;
/** How long a killed process is missed, ms. */
const ABSENCE_MS = 1000;
/** Votes that may wait in a command API: few, so that the queue gets full. */
const QUEUE_LIMIT = 60;
/** People who vote at the same moment while the log is frozen. */
const RUSH = 200;
/** No request takes longer, ms: the append deadline, and what a busy machine adds. */
const ANSWER_LIMIT_MS = 12_000;
const FINAL_LIMIT_MS = 30_000;

describeOnDoubleStack('under load, and exact to the vote afterwards', 'a store that is killed, frozen or mute', () => {
  const polls = new Map<string, ReadonlyMap<string, number>>();
  const loads: Load[] = [];
  let stack: Stack;
  let load: Load;

  beforeAll(async () => {
    stack = await Stack.start({ VOTE_QUEUE_LIMIT: String(QUEUE_LIMIT) });
  }, TEST_LIMIT_MS);

  afterAll(() => stack.stop());

  const startLoad = async (): Promise<void> => {
    load = await Load.start(stack);
    loads.push(load);
    polls.set(load.pollId, load.crowd.acknowledged);
  };

  const report = (what: string): void => {
    const { votes, crowd, reads } = load;
    console.log(
      `${what}: ${String(votes)} votes acknowledged; refused or lost: ${JSON.stringify(crowd.refusals)}; reads: ${JSON.stringify(reads)}`,
    );
  };

  afterEach(async () => {
    // after a failure too: its poll would keep the next one from being opened
    await loads.at(-1)?.stop();
    for (const service of stack.services) expect(service.log().filter(({ level }) => level === 'fatal')).toEqual([]);
  });

  describe('killed and started again', () => {
    it.each<[ServiceName, number]>([
      ['commandApis', 0],
      ['commandApis', 1],
      ['projectors', 0],
      ['projectors', 1],
      ['queryApis', 0],
    ])(
      'one of the %s (%i)',
      async (name, index) => {
        await startLoad();
        await stack.service(name, index).kill();
        await delay(ABSENCE_MS);
        await stack.revive(name, index);
        await load.end();
        report(`${name} ${String(index)} killed`);
        const allowed = name === 'queryApis' ? ['200', '503'] : ['200'];
        expect(allowed).toEqual(expect.arrayContaining(Object.keys(load.reads)));
      },
      TEST_LIMIT_MS,
    );

    it(
      'the event store',
      async () => {
        await startLoad();
        await stack.eventLog.kill();
        await delay(ABSENCE_MS);
        await stack.eventLog.start();
        await load.end();
        await stack.whole();
        report('event store killed');
        expect(Object.keys(load.reads)).toEqual(['200']);
      },
      TEST_LIMIT_MS,
    );

    it(
      'the database of the tallies',
      async () => {
        await startLoad();
        await stack.mongo.kill();
        await delay(ABSENCE_MS);
        await stack.mongo.restart();
        await load.end();
        await stack.whole();
        report('database killed');
        expect(load.crowd.refusals).toEqual({});
        expect(Object.keys(load.reads)).toEqual(['200']);
      },
      TEST_LIMIT_MS,
    );
  });

  it(
    'the log frozen: 503 with Retry-After in bounded time, a bounded queue, and recovery by itself',
    async () => {
      await startLoad();
      const rush = await Promise.all(Array.from({ length: RUSH }, () => stack.client.solved()));
      const vote = (solved: string, index: number): Promise<Answer> => stack.client.vote(1 + (index % 2), solved);
      await stack.eventLog.control('freeze');
      const thaw = delay(LOG_FROZEN_SECONDS * 1000).then(() => stack.eventLog.control('thaw'));
      const refusing = Promise.all(rush.map(vote));
      await eventually(
        () => stack.readiness('commandApis'),
        (status) => status === 503,
      );
      for (const index of [0, 1]) {
        expect(await stack.service('commandApis', index).metric('vote_queue_depth')).toBeLessThanOrEqual(QUEUE_LIMIT);
      }
      const refused = await refusing;
      for (const answer of refused) {
        expectProblemShape(answer);
        expect(answer.status).toBe(503);
        expect(['log-unavailable', 'queue-full']).toContain(answer.json.code);
        expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0);
        expect(answer.milliseconds).toBeLessThan(ANSWER_LIMIT_MS);
      }
      await thaw;
      const thawed = performance.now();
      await load.crowd.voted(1);
      const recovery = performance.now() - thawed;
      for (const [index, solved] of rush.entries()) {
        const { status, json } = await vote(solved, index);
        expect([200, 201]).toContain(status);
        load.crowd.acknowledged.set(json.voto.id as string, 1 + (index % 2));
      }
      const { recount } = await load.end();
      await stack.whole();
      const codes = Object.groupBy(refused, ({ json }) => json.code as string);
      report(
        `log frozen for ${String(LOG_FROZEN_SECONDS)} s: the first vote ${String(Math.round(recovery))} ms later; of the rush ${Object.entries(
          codes,
        )
          .map(([code, answers]) => `${String(answers?.length)} ${code}`)
          .join(', ')}; ${String(recount.duplicates)} duplicates`,
      );
      expect(Object.keys(codes).sort()).toEqual(['log-unavailable', 'queue-full']);
      expect(Math.max(...stack.votesInAccessLog().map(({ request_time }) => request_time * 1000))).toBeLessThan(
        ANSWER_LIMIT_MS,
      );
    },
    TEST_LIMIT_MS,
  );

  it(
    'replies lost after storing: votes that are in the log twice count once, and are reported',
    async () => {
      await startLoad();
      await stack.eventLog.control('drop-replies', { count: 10 });
      await delay(ABSENCE_MS);
      // it recognises what it stored lately, but not after a restart
      await stack.eventLog.control('kill');
      await stack.eventLog.control('restart');
      const { recount } = await load.end();
      const total = await stack.client.total(load.pollId);
      report(`replies lost: ${String(recount.duplicates)} duplicates`);
      expect(recount.duplicates).toBeGreaterThan(0);
      expect(total.duplicados).toBe(recount.duplicates);
      expect(total.total).toBe(load.votes);
    },
    TEST_LIMIT_MS,
  );

  it(
    'the database of the tallies away: votes go on being taken, and the tally catches up',
    async () => {
      await startLoad();
      await stack.mongo.kill();
      const before = load.votes;
      await delay(MONGO_AWAY_SECONDS * 1000);
      const taken = load.votes - before;
      const old = await stack.client.total(load.pollId);
      await stack.mongo.restart();
      const back = performance.now();
      await eventually(
        () => stack.client.total(load.pollId),
        ({ total, atraso_projecao_segundos: lag }) => lag === 0 && total >= before + taken,
        RECOVERY_LIMIT_MS,
      );
      const caughtUp = Math.round(performance.now() - back);
      await load.end();
      report(
        `database away for ${String(MONGO_AWAY_SECONDS)} s: ${String(taken)} votes taken, caught up in ${String(caughtUp)} ms`,
      );
      expect(taken).toBeGreaterThan(MONGO_AWAY_SECONDS * 10);
      expect(old.total).toBeLessThan(before + taken);
      expect(old.atraso_projecao_segundos).toBeGreaterThan(0);
      expect(load.crowd.refusals).toEqual({});
      expect(Object.keys(load.reads)).toEqual(['200']);
    },
    TEST_LIMIT_MS,
  );

  it(
    'one projector killed while the other goes on: nobody sees a gap',
    async () => {
      // the other one may still wait for its next try, after what came before
      await stack.whole();
      await startLoad();
      await stack.service('projectors', 0).kill();
      for (let last = 0, until = Date.now() + 5000; Date.now() < until;) {
        const { voto } = (await stack.client.cast(2)).json;
        load.crowd.acknowledged.set(voto.id as string, 2);
        const { json } = await stack.client.get(`/resultado?desde=${String(voto.posicao)}`);
        expect(json).toMatchObject({ inclui_seu_voto: true });
        const { total, idade_segundos: age } = await stack.client.total(load.pollId);
        expect(total).toBeGreaterThan(last);
        expect(age).toBeLessThan(3);
        last = total as number;
      }
      await stack.revive('projectors', 0);
      await load.end();
      report('one projector killed, the other goes on');
      expect(load.crowd.refusals).toEqual({});
    },
    TEST_LIMIT_MS,
  );

  it(
    'after all that, every poll is final, and exact',
    async () => {
      await stack.whole();
      for (const [pollId, acknowledged] of polls) {
        const total = await eventually(
          () => stack.client.total(pollId),
          ({ final }) => final === true,
          FINAL_LIMIT_MS,
        );
        expect(total).toMatchObject({ completo: true, atrasados: 0, expirados: 0 });
        await stack.expectExact(acknowledged, pollId);
        const sealed = (await stack.events(`poll-${pollId}`)).filter(({ type }) => type === 'PollSealed');
        expect(sealed).toHaveLength(1);
      }
    },
    TEST_LIMIT_MS,
  );
});
