import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe } from '@jest/globals';

import type { ReadModel } from './read-model.ts';
import { describeCheckpoints } from './testing/checkpoints.ts';
import { describeClosing } from './testing/closing.ts';
import type { ReadModelFixture } from './testing/fixture.ts';
import { describeScreens } from './testing/screens.ts';
import { describeRaces } from './testing/tally-races.ts';
import { describeTallies } from './testing/tally-saving.ts';
import { describeTiles } from './testing/tiles.ts';
import { describeVersions } from './testing/versions.ts';

/** What an adapter gives the contract suite. */
export interface ReadModelHarness {
  /** Opens the store of that name, for the first or another time; one that nobody opened before is empty. */
  open(store: string, format?: number): Promise<ReadModel>;
}

/** What every adapter of the port promises, in one suite. */
export function describeReadModelContract(name: string, harness: ReadModelHarness): void {
  describe(`the read model on ${name}`, () => {
    let opened: ReadModelFixture;

    beforeEach(async () => {
      const store = randomUUID();
      const reopen = (format?: number): Promise<ReadModel> => harness.open(store, format);
      const [one, other] = [await reopen(), await reopen()];
      opened = { one: await one.current(), other: await other.current(), models: [one, other], reopen };
    });
    afterEach(async () => {
      for (const model of opened.models) await model.close();
    });
    const fixture = (): ReadModelFixture => opened;

    describe('a tally', () => describeTallies(fixture));
    describe('a tally that many write', () => describeRaces(fixture));
    describe('the checkpoint', () => describeCheckpoints(fixture));
    describe('versions', () => describeVersions(fixture));
    describe('the screens of the stage', () => describeScreens(fixture));
    describe('the tiles of a log', () => describeTiles(fixture));
    describe('a store that was closed', () => describeClosing(fixture));
  });
}
