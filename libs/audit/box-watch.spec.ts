import { describe, expect, it } from '@jest/globals';

import { type BallotBoxOpened, type PollEvent, encodeBallotBoxClosed, encodeBallotBoxOpened } from '#domain';
import { SealKeys, actsUpTo, boxFactsIn, boxOpening, openedIn } from '#seal';

import {
  type Entry,
  HOUR,
  NOON,
  POLL_ID,
  SECOND,
  cut,
  decided,
  entry,
  record,
  voteOfRule2,
} from '../domain/testing/ballot-box.ts';
import { OPENED, Voted, failuresOf, found } from './testing/voted.ts';

const CLOSED_AT = NOON + HOUR;
const at = (time: number): string => new Date(time).toISOString();
const keys = new SealKeys([Buffer.alloc(32, 1)]);

/** The acts are hashed with their ids: they have them wherever they stand. */
const [POLL_EVENT, CLOSING_EVENT] = ['a', 'b'].map((digit) => `${digit.repeat(8)}-0000-4000-8000-${digit.repeat(12)}`);
const poll: Entry = {
  ...decided({
    ...{ ...OPENED, evidenceKeyHash: '0f'.repeat(32), rules: 'Uma.', policy: 'no-fim', ballotBoxes: 1 },
  } satisfies PollEvent),
  id: POLL_EVENT!,
};
const closed = (by = 'x'): Entry => ({
  ...decided({ type: 'PollClosed', pollId: POLL_ID, closedAt: at(CLOSED_AT), by }),
  ...{ recordedAt: CLOSED_AT, id: CLOSING_EVENT! },
});
const opening = (decision = poll): Entry => {
  const { id, ...content } = boxOpening(
    boxFactsIn(record([decision]))!,
    { host: 'voto.example', difficulty: 9 },
    keys.noteFor('voto.example', POLL_ID),
  );
  return entry(content, { id });
};
const changed = (change: Partial<BallotBoxOpened>): Entry => {
  const [, event] = record([poll, opening()]);
  return { ...opening(), content: encodeBallotBoxOpened({ ...openedIn(event!)!, ...change }) };
};
const cutOver = (...decisions: readonly Entry[]): Entry => {
  const acts = actsUpTo('PollClosed', record(decisions))?.acts;
  return entry(encodeBallotBoxClosed(POLL_ID, at(CLOSED_AT + 11 * SECOND), acts), {
    recordedAt: CLOSED_AT + 11 * SECOND,
  });
};
const VOTES = [voteOfRule2('a'), voteOfRule2('b', 2)];

async function failures(...entries: readonly Entry[]) {
  const voted = await Voted.from(entries);
  const report = await voted.audit();
  voted.dispose();
  // nobody signs it here
  const { checkpoints: _unsigned, ...failed } = failuresOf(report);
  return { ...failed, votes: report.counts.votes, openings: report.counts.openings };
}
const WHOLE = { votes: [1, 1], openings: 1 };
const end = (...decisions: readonly Entry[]): Entry[] => [closed(), cutOver(...decisions, closed())];

describe('a ballot box that was opened', () => {
  it('agrees where it is what the poll is, and closes over what was decided', async () => {
    expect(await failures(poll, opening(), ...VOTES, ...end(poll))).toEqual(WHOLE);
    expect(await failures(poll, opening(), ...VOTES)).toEqual(WHOLE);
  });

  it('is found when its opening is gone, or stands elsewhere', async () => {
    const missing = { box: [found('box-not-opened', { revision: '0' })], votes: [1, 1], openings: 0 };
    expect(await failures(poll, ...VOTES, ...end(poll))).toEqual(missing);
    expect(await failures(poll, VOTES[0]!, opening(), VOTES[1]!, ...end(poll))).toMatchObject({
      ...missing,
      bytes: [found('quarantined', { revision: '1' })],
    });
  });

  it('is found when it was opened twice', async () => {
    expect(await failures(poll, opening(), opening(), ...VOTES, ...end(poll))).toMatchObject({
      bytes: [found('quarantined', { revision: '1' })],
    });
  });

  it('is found when it stays empty, without its opening', async () => {
    expect(await failures(poll)).toMatchObject({ box: [found('box-not-opened')] });
  });

  it.each<[string, Partial<BallotBoxOpened>]>([
    ['title', { title: 'Quem fica?' }],
    ['participants', { participants: OPENED.participants.map((one) => ({ ...one, name: `${one.name}!` })) }],
    ['rules', { rules: 'Outra.' }],
    ['policy', { policy: 'sempre' }],
    ['openedAt', { openedAt: at(NOON - HOUR) }],
    ['evidenceKeyHash', { evidenceKeyHash: 'f0'.repeat(32) }],
    ['acts', { acts: { size: 1, root: '00'.repeat(32) } }],
    ['origin', { origin: 'voto.example/urna/8/1' }],
    ['keys', { keys: 'x' }],
    ['difficulty', { difficulty: 0 }],
    ['box', { box: 2 }],
    ['pollId', { pollId: 'other' }],
  ])('is found with another %s', async (part, change) => {
    expect(await failures(poll, changed(change), ...VOTES, ...end(poll))).toEqual({
      ...WHOLE,
      box: [found('box-opening-differs', { part })],
    });
  });

  it('is found when the opening of the poll was exchanged afterwards', async () => {
    const title = decided({
      ...OPENED,
      title: 'Outro',
      evidenceKeyHash: '0f'.repeat(32),
      policy: 'no-fim',
      ballotBoxes: 1,
    });
    const { box } = (await failures(title, opening(), ...VOTES, ...end(title))) as Record<string, unknown>;
    expect(box).toEqual(expect.arrayContaining([found('box-opening-differs', { part: 'title' })]));
    expect(box).toEqual(expect.arrayContaining([found('box-opening-differs', { part: 'acts' })]));
  });

  it('is found with an event id of another', async () => {
    const { id: _, ...anonymous } = opening();
    expect(await failures(poll, anonymous, ...VOTES, ...end(poll))).toMatchObject({
      box: [found('box-opening-differs', { part: 'id' })],
    });
  });

  it('is found when it closes over other acts, or over none', async () => {
    const differs = { ...WHOLE, box: [found('cut-acts-differ', { revision: '3' })] };
    expect(await failures(poll, opening(), ...VOTES, closed('y'), cutOver(poll, closed()))).toEqual(differs);
    expect(await failures(poll, opening(), ...VOTES, closed(), cut(CLOSED_AT + 11 * SECOND))).toEqual(differs);
  });

  it('is found in a poll that has none', async () => {
    const earlier = decided({ ...OPENED, evidenceKeyHash: '0f'.repeat(32) });
    expect(await failures(earlier, opening(), ...VOTES)).toEqual({ ...WHOLE, box: [found('box-opened-unasked')] });
  });
});
