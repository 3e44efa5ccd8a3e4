import { describe, expect, it } from '@jest/globals';

import { type BallotBoxOpened, type PollEventOf, type RecordedEvent, encodeBallotBoxOpened } from '#domain';
import { leafHash, nodeHash } from '#transparency';

import { type Entry, decided, record } from '../domain/testing/ballot-box.ts';
import { SealKeys, boxDifferences, boxFactsIn, boxOpening, leafOf, openedIn, signersFor } from './index.ts';

const at = '2026-11-23T22:00:00.000Z';
const participants = [
  { number: 1, name: 'Ana', photo: 'ab'.repeat(32), focus: { x: 1, y: 2 } },
  { number: 2, name: 'Íris' },
];
const OPENED: PollEventOf<'PollOpened'> = {
  ...{ type: 'PollOpened', pollId: '7', title: 'Quem sai?', participants, openedAt: at, by: 'ana' },
  ...{
    evidenceKeyHash: '0f'.repeat(32),
    purpose: 'eliminar',
    rules: 'Uma regra.',
    policy: 'depois-do-voto',
    ballotBoxes: 1,
  },
};
const SCHEDULED = {
  type: 'PollScheduled',
  pollId: '7',
  opensAt: null,
  closesAt: at,
  scheduledAt: at,
  by: 'ana',
} as const;
const keys = new SealKeys([Buffer.alloc(32, 1)]);
const note = keys.noteFor('voto.example', '7');
const OPENER = { host: 'voto.example', difficulty: 250_000 };

const stream = (...entries: readonly Entry[]): RecordedEvent[] => record(entries);
const STREAM = stream(decided(SCHEDULED), decided(OPENED), decided(SCHEDULED));
const facts = boxFactsIn(STREAM)!;
const first = (opening = boxOpening(facts, OPENER, note)): RecordedEvent => ({
  ...{ stream: 'votes-7', revision: 0n, position: 9n, recordedAt: 0 },
  ...opening,
});
const changed = (change: Partial<BallotBoxOpened>): RecordedEvent => ({
  ...first(),
  ...encodeBallotBoxOpened({ ...openedIn(first())!, ...change }),
});

describe('what opens a ballot box', () => {
  it('says what the poll says of itself, and commits to its stream up to its opening', () => {
    const { policy, rules, purpose, title } = OPENED;
    const [one, two] = STREAM.map((event) => leafHash(leafOf(event)));

    expect(openedIn(first())).toMatchObject({
      ...{ pollId: '7', box: 1, title, participants, policy, rules, purpose, openedAt: at },
      ...{ origin: 'voto.example/urna/7/1', difficulty: 250_000, evidenceKeyHash: '0f'.repeat(32) },
      ...{ keys: note, acts: { size: 2, root: nodeHash(one!, two!).toString('hex') } },
    });
  });

  it('is the same event whoever makes it', () => {
    expect(boxOpening(boxFactsIn(STREAM)!, OPENER, note)).toEqual(boxOpening(facts, OPENER, note));
    expect(first().id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  });

  it('is not there in a poll that was not opened, or by an earlier version', () => {
    const { ballotBoxes: _, ...earlier } = OPENED;

    expect(boxFactsIn(stream(decided(earlier)))).toBeUndefined();
    expect(boxFactsIn(stream(decided(SCHEDULED)))).toBeUndefined();
  });

  it('is signed for by the deployment that wrote it, whatever it is called by now', () => {
    const renamed = first(
      boxOpening(facts, { host: 'antes.example', difficulty: 1 }, keys.noteFor('antes.example', '7')),
    );

    expect(signersFor(renamed, facts, keys)?.box.name).toBe('antes.example/urna/7/1');
    expect(signersFor(first(), facts, new SealKeys([Buffer.alloc(32, 2)]))).toBeUndefined();
  });

  it.each<[string, Partial<BallotBoxOpened>]>([
    ['title', { title: 'Quem fica?' }],
    ['participants', { participants: participants.toReversed().map((one, at) => ({ ...one, number: at + 1 })) }],
    ['rules', { rules: 'Outra.' }],
    ['rehearsal', { rehearsal: true }],
    ['openedAt', { openedAt: '2026-11-23T21:00:00.000Z' }],
    ['evidenceKeyHash', { evidenceKeyHash: 'f0'.repeat(32) }],
    ['acts', { acts: { size: 1, root: '00'.repeat(32) } }],
    ['difficulty', { difficulty: 0 }],
    ['box', { box: 2 }],
    ['origin', { origin: 'voto.example/urna/8/1' }],
    ['keys', { keys: keys.noteFor('voto.example', '8') }],
    ['keys', { keys: 'x' }],
  ])('with another %s is not what the poll says', (part, change) => {
    const forged = changed(change);

    expect([...boxDifferences(openedIn(forged)!, facts)]).toMatchObject([{ part }]);
    expect(signersFor(forged, facts, keys)).toBeUndefined();
  });

  it.each<[string, Partial<RecordedEvent>]>([
    ['at another place', { revision: 1n }],
    ['with another id', { id: '00000000-0000-4000-8000-000000000000' }],
    ['of another type', { type: 'VoteCast' }],
    ['of another version', { version: 2 }],
    ['in another form', { data: Buffer.from(` ${Buffer.from(first().data).toString()}`) }],
    ['that cannot be read', { data: Buffer.from('{}') }],
  ])('%s is not signed for', (_, change) => {
    expect(signersFor({ ...first(), ...change }, facts, keys)).toBeUndefined();
  });
});
