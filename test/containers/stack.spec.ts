import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { needs } from '../tools/needs.ts';
import { Engine } from './engine.ts';
import { Stack } from './stack.ts';
import { recovers } from './steps/failures.ts';
import { isOperated } from './steps/operations.ts';
import { isRehearsedAndUpgraded } from './steps/show.ts';
import { SLOW, type Site } from './steps/site.ts';
import { starts } from './steps/start.ts';

const PREPARATION_LIMIT_MS = 40 * 60_000;

needs('engine', 'git')('the stack of docker-compose.yml, on an engine', () => {
  const closing: Site['closing'] = [];
  const site = { closing } as Site;

  beforeAll(async () => {
    const engine = await Engine.start();
    closing.push(() => {
      engine.stop();
    });
    site.stack = await Stack.clone(engine);
    closing.push(() => site.stack.remove());
    // what a deployment may set; everything else is as it comes
    writeFileSync(join(site.stack.folder, '.env'), 'HUMAN_CHECK_DIFFICULTY=2000\nPAREDAO_VERSION=test\n');
  }, PREPARATION_LIMIT_MS);

  afterAll(async () => {
    for (const close of closing.reverse()) await close();
  }, SLOW);

  starts(site);
  recovers(site);
  isOperated(site);
  isRehearsedAndUpgraded(site);

  it('has run every command of the documents, but for those that have a reason', () => {
    expect(site.stack.leftOut()).toEqual([]);
  });
});
