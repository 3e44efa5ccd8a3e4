import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { setTimeout as delay } from 'node:timers/promises';

import { Random } from '../support/random.ts';
import { isOneLineage, whollySealed, wrongReceipts } from '../support/sealed.ts';
import { Load } from './load.ts';
import { Stack, describeOnDoubleStack } from './stack.ts';

/** More by hand than in every run. */
const KILLS = Number(process.env['SEAL_KILLS'] ?? 6);
const SEED = 23;
/** A kill comes at a random moment of this time, and the process is missed for a random part of the next, ms. */
const LOAD_MS = 1500;
const ABSENCE_MS = 1000;
const TEST_LIMIT_MS = 180_000 + KILLS * 30_000;

describeOnDoubleStack('the sealer beside its stores', 'a store that is killed', () => {
  let stack: Stack;

  beforeAll(async () => {
    stack = await Stack.start();
  }, TEST_LIMIT_MS);

  afterAll(() => stack.stop());

  /** What is killed in turn, and how it comes back. */
  const VICTIMS = [
    async (absence: number): Promise<void> => {
      await Promise.all([0, 1].map((index) => stack.service('projectors', index).kill()));
      await delay(absence);
      await Promise.all([0, 1].map((index) => stack.revive('projectors', index)));
    },
    async (absence: number): Promise<void> => {
      await stack.eventLog.kill();
      await delay(absence);
      await stack.eventLog.start();
    },
    async (absence: number): Promise<void> => {
      await stack.mongo.kill();
      await delay(absence);
      await stack.mongo.restart();
    },
  ];

  it(
    `signs one history, and no receipt is broken: sealers, log and read model killed ${String(KILLS)} times under load`,
    async () => {
      const random = new Random(SEED);
      const load = await Load.start(stack);
      for (let kill = 0; kill < KILLS; kill++) {
        await delay(random.below(LOAD_MS));
        await VICTIMS[kill % VICTIMS.length]!(random.below(ABSENCE_MS));
        await load.crowd.voted(1);
      }
      const { pollId, crowd } = load;
      await load.end();
      const [box, acts] = await whollySealed(stack.stores, pollId);
      console.log(
        `${String(crowd.acknowledged.size)} votes, ${String(crowd.receipts.length)} receipts, checkpoints of ${box.sizes.join(' ')} leaves; ` +
          `refused or lost: ${JSON.stringify(crowd.refusals)}`,
      );

      for (const { sizes, wrong, sameTiles } of [box, acts])
        expect({ isOne: isOneLineage(sizes), wrong, sameTiles }).toEqual({ isOne: true, wrong: [], sameTiles: true });
      // also between the kills, unless the machine was busy with something else
      expect(box.sizes.length).toBeGreaterThan(2);
      expect(box.leaves).toBeGreaterThan(crowd.acknowledged.size);
      expect(await wrongReceipts(stack.stores, crowd.receipts, pollId)).toEqual([]);
      expect(crowd.receipts.length).toBeGreaterThan(crowd.acknowledged.size / 2);
    },
    TEST_LIMIT_MS,
  );
});
