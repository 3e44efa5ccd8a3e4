import { beforeAll, expect, it } from '@jest/globals';

import { eventually } from '../support/eventually.ts';
import { Server } from '../support/server.ts';
import { describeInBrowser } from './support/browser.ts';
import { counted } from './support/counted.ts';
import { VoterPage } from './support/voter-page.ts';

/** Hashes: beyond what one worker solves alone. */
const HARD = '3000000';
const LIMIT_MS = 40_000;

describeInBrowser('a voter at a busy address', () => {
  let server: Server;

  beforeAll(async () => {
    server = await Server.start({ env: { HUMAN_CHECK_DIFFICULTY: HARD } });
  });

  it('has the hard challenge solved by several cores, which are let go then, and votes', async () => {
    const voter = await VoterPage.blank(server);
    let started = 0;
    voter.page.on('worker', () => started++);
    await voter.load('vote');
    const cores = await voter.page.evaluate<number>('navigator.hardwareConcurrency');
    // those of this challenge, and one that stays for easy ones
    await eventually(
      () => started,
      (workers) => workers === (cores > 1 ? Math.min(cores, 4) + 1 : 1),
      LIMIT_MS,
    );
    await eventually(
      () => voter.page.workers().length,
      (running) => running === 1,
      LIMIT_MS,
    );
    await voter.vote('Aurora Estrela');
    await voter.sees('voted', LIMIT_MS);
    expect(await counted(server)).toEqual([1, 0]);
  });
});
