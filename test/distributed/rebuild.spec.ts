import { expect, it } from '@jest/globals';

import { command } from '../support/command.ts';
import { eventually } from '../support/eventually.ts';
import { TotalWatch } from '../support/total-watch.ts';
import { Load } from './load.ts';
import { Stack, describeOnStack } from './stack.ts';

const TEST_LIMIT_MS = 180_000;
const VOTES_BEFORE = 300;

describeOnStack('a rebuild beside separate services', () => {
  it(
    'switches two projectors and a query API under load, without a wrong or missing answer on /total',
    async () => {
      const stack = await Stack.start();
      const { eventstoreUrl, mongodbUrl = '' } = stack.stores;
      const env = { DATA_DIR: stack.dataDir, EVENTSTORE_URL: eventstoreUrl, MONGODB_URL: mongodbUrl };
      const load = await Load.start(stack);
      const watch = new TotalWatch(stack.clientOf('queryApis'));
      let began = '';
      try {
        await load.crowd.voted(VOTES_BEFORE);
        // a store that was slow to be there when all of them started is another story
        began = new Date().toISOString();
        // as one value: whoever reads a failure sees all that the command said
        expect(await command('rebuild', [], env)).toEqual({
          code: 0,
          output: expect.stringContaining('Version 6-1 is active now'),
        });
        await load.end();
      } finally {
        await load.stop();
        await watch.end();
      }
      expect(watch.faults).toEqual([]);
      expect(watch.answers).toBeGreaterThan(10);
      expect(load.votes).toBeGreaterThan(VOTES_BEFORE);
      for (const projector of [0, 1]) {
        const moved = (): unknown[] =>
          stack
            .service('projectors', projector)
            .log()
            .filter(({ mensagem }) => mensagem === 'another version of the read model is active');
        expect(
          await eventually(
            async () => moved(),
            ({ length }) => length > 0,
          ),
        ).toHaveLength(1);
        const lines = stack.service('projectors', projector).log();
        expect(lines.filter(({ level, asctime }) => level === 'error' && String(asctime) > began)).toEqual([]);
      }
      await stack.stop();
    },
    TEST_LIMIT_MS,
  );
});
