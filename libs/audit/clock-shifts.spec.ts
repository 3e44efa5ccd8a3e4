import { describe, expect, it } from '@jest/globals';

import { encodeBallotBoxClosed } from '#domain';
import { verifierOf } from '#transparency';

import { HOUR, MINUTE, NOON, POLL_ID, SECOND } from '../domain/testing/ballot-box.ts';
import type { AuditReport } from './index.ts';
import { type Draft, VKEY, act, ballot, recorded, sealed, wholePoll } from './testing/sealed-poll.ts';
import { Voted, failuresOf, found } from './testing/voted.ts';

const CLOSED_AT = NOON + 3 * HOUR;
const at = (type: string): number => wholePoll().findIndex(({ content }) => content.type === type);
const [MIDDLE, CLOSING] = [12, at('PollClosed')];
/** A vote is on its way when the poll is closed. */
const HONEST = wholePoll().toSpliced(CLOSING + 1, 0, ballot('z', 2, CLOSED_AT - SECOND));
const CUT = CLOSING + 2;

/** The drafts with other recorded times, each by what is said of its place. */
const shifted = (by: (index: number) => number): Draft[] =>
  HONEST.map((one, index) => ({ ...one, recordedAt: one.recordedAt + by(index) }));

/** The clock of a log that one process writes stands still while the host's is behind it. */
function standing(drafts: readonly Draft[]): Draft[] {
  let clock = 0;
  return drafts.map((one) => ({ ...one, recordedAt: (clock = Math.max(clock, one.recordedAt)) }));
}

async function audited(drafts: readonly Draft[]): Promise<AuditReport> {
  const voted = await Voted.of(sealed(recorded(drafts)));
  try {
    return await voted.audit({ vkeys: [verifierOf(VKEY)] });
  } finally {
    voted.dispose();
  }
}
const failuresIn = async (drafts: readonly Draft[]) => failuresOf(await audited(drafts));

const SHIFTS: readonly [string, (index: number) => number][] = [
  ['is an hour ahead', () => HOUR],
  ['is an hour behind', () => -HOUR],
  ['is two minutes ahead', () => 2 * MINUTE],
  ['is two minutes behind', () => -2 * MINUTE],
  ['goes forward by an hour', (index) => (index < MIDDLE ? 0 : HOUR)],
  ['goes back by an hour', (index) => (index < MIDDLE ? 0 : -HOUR)],
  ['was ahead and is put right', (index) => (index < MIDDLE ? HOUR : 0)],
  ['was behind and is put right', (index) => (index < MIDDLE ? -HOUR : 0)],
  ['goes forward with the closing', (index) => (index < CLOSING ? 0 : HOUR)],
  ['goes back with the closing', (index) => (index < CLOSING ? 0 : -HOUR)],
  ['goes forward after the closing', (index) => (index <= CLOSING ? 0 : HOUR)],
  ['goes back after the closing', (index) => (index <= CLOSING ? 0 : -HOUR)],
  ['is ahead at the closing alone', (index) => (index === CLOSING ? HOUR : 0)],
  ['is behind at the closing alone', (index) => (index === CLOSING ? -HOUR : 0)],
  ['goes to and fro', (index) => [0, HOUR, -HOUR][index % 3]!],
];

describe('an audit agrees where the clock of the log', () => {
  it.each(SHIFTS)('%s, as a server records', async (_, by) => {
    expect(await failuresIn(shifted(by))).toEqual({});
  });

  it.each(SHIFTS)('%s, as one process records', async (_, by) => {
    expect(await failuresIn(standing(shifted(by)))).toEqual({});
  });

  it('is wrong at the closing, and says so', async () => {
    const { checks } = await audited(shifted((index) => (index < CLOSING ? 0 : HOUR)));

    expect(checks.find(({ id }) => id === 'closing')?.observations).toContainEqual(
      found('recorded-at-another-time', { stream: 'poll-paredao-1' }),
    );
  });
});

describe('a closing that was moved is found, and no clock explains it', () => {
  const moved = found('recorded-at-another-time', { stream: 'poll-paredao-1' });
  const closed = (saidAt: number, recordedAt: number): Draft => {
    const closedAt = new Date(saidAt).toISOString();
    return act('close', { type: 'PollClosed', pollId: POLL_ID, closedAt, by: 'ana' }, recordedAt);
  };
  const cutThatSays = (saidAt: number): Draft => ({
    ...HONEST[CUT]!,
    content: encodeBallotBoxClosed(POLL_ID, new Date(saidAt).toISOString()),
  });
  const backdated = closed(CLOSED_AT - HOUR, CLOSED_AT);

  it.each([
    ['to a time before votes that stand before it', HONEST.with(CLOSING, backdated)],
    [
      'to such a time, and its cut with it',
      HONEST.with(CLOSING, backdated).with(CUT, cutThatSays(CLOSED_AT - HOUR + 11 * SECOND)),
    ],
    [
      'to a place before votes that were cast long before it: the cut was moved',
      HONEST.toSpliced(CLOSING, 1).toSpliced(MIDDLE, 0, closed(CLOSED_AT, HONEST[MIDDLE]!.recordedAt)),
    ],
    ['by more than a day', shifted((index) => (index === CLOSING ? 25 * HOUR : 0))],
  ])('%s', async (_, drafts) => {
    expect((await failuresIn(drafts))['closing']).toContainEqual(moved);
  });
});
