import { describe, expect, it } from '@jest/globals';

import type { Waits } from './people.ts';
import { type AttackReport, type Trial, missedAims } from './report.ts';

const BOT = {
  addresses: 1,
  hashesPerSecond: 1,
  accepted: 40,
  acceptedLater: 20,
  perMinute: 30,
  refusals: {},
  dearest: 1,
};
const WAITS: Waits = {
  ...{
    slowdown: 4,
    votes: 28,
    perMinute: 28,
    p50: 100,
    p95: 1500,
    unsolvedP95: 900,
    solvingP50: 100,
    solvingP95: 9000,
  },
  ...{ hashesP50: 125_000, hashesP95: 240_000 },
};
const TRIAL: Trial = {
  bot: BOT,
  bots: { ...BOT, addresses: 100, perMinute: 9999 },
  alone: WAITS,
  besideBot: WAITS,
  besideBots: undefined,
};
const HOUSEHOLD: Trial = { ...TRIAL, alone: { ...WAITS, p95: 10_000 } };

const GOOD: AttackReport = {
  seconds: 60,
  difficulty: 1,
  person: TRIAL,
  household: HOUSEHOLD,
  forgeries: { replayed: { '200': 9, 'human-check-used': 9 }, forged: { 'human-check-invalid': 9 } },
  addedByForgeries: 0,
  guesses: { addresses: 1, statuses: { '401': 22, '429': 1000 }, logins: { good: 20, refused: 0, slowest: 500 } },
  crowd: { addresses: 30, statuses: { '401': 500, '429': 9000 }, logins: { good: 20, refused: 0, slowest: 900 } },
};

describe('an attack', () => {
  it('misses no aim when all went well, however much a hundred addresses got', () => {
    expect(missedAims(GOOD)).toEqual([]);
  });

  it('misses none without people', () => {
    const nobody = { alone: undefined, besideBot: undefined, besideBots: undefined };
    expect(missedAims({ ...GOOD, person: { ...TRIAL, ...nobody }, household: undefined })).toEqual([]);
  });

  it('judges no bot that had no time after its warm-up', () => {
    expect(missedAims({ ...GOOD, person: { ...TRIAL, bot: { ...BOT, perMinute: undefined } } })).toEqual([]);
  });

  it.each<[string, Partial<AttackReport>]>([
    ['the bot made 30.1 votes a minute from one address', { person: { ...TRIAL, bot: { ...BOT, perMinute: 30.1 } } }],
    ['a person waited 1501 ms (p95)', { person: { ...TRIAL, besideBot: { ...WAITS, p95: 1501 } } }],
    ['a household waited 10001 ms (p95)', { household: { ...HOUSEHOLD, alone: { ...WAITS, p95: 10_001 } } }],
    [
      'the bot made 31.0 votes a minute from one address',
      { household: { ...HOUSEHOLD, bot: { ...BOT, perMinute: 31 } } },
    ],
    ['a challenge forged was answered with 201', { forgeries: { forged: { '201': 1 } } }],
    ['forgeries added 1 votes', { addedByForgeries: 1 }],
    ['a password was guessed', { guesses: { ...GOOD.guesses, statuses: { '200': 1 } } }],
    ['31 guesses were looked at', { guesses: { ...GOOD.guesses, statuses: { '401': 31 } } }],
    ['901 guesses were looked at', { crowd: { ...GOOD.crowd, statuses: { '401': 901 } } }],
    ['the staff were refused 2 times', { crowd: { ...GOOD.crowd, logins: { good: 1, refused: 2, slowest: 1 } } }],
    ['the staff were refused 1 times', { guesses: { ...GOOD.guesses, logins: { good: 1, refused: 1, slowest: 1 } } }],
  ])('misses: %s', (missed, change) => {
    expect(missedAims({ ...GOOD, ...change })).toEqual([missed]);
  });
});
