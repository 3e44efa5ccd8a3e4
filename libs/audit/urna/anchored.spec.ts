import { describe, expect, it } from '@jest/globals';

import { type RecordedEvent, encodePollEvent, encodeVoteCast, decodeVoteCast, decodePollEvent } from '#domain';
import { SealKeys } from '#seal';
import { verifierOf } from '#transparency';

import { HOUR, MINUTE, NOON, SECOND } from '../../domain/testing/ballot-box.ts';
import { type AuditOptions, type AuditReport, anchorOf, publishedTotal } from '../index.ts';
import {
  type Draft,
  EVIDENCE,
  OPENED,
  VKEY,
  act,
  ballot,
  recorded,
  sealed,
  signedHead,
  wholePoll,
  withCheckpointsOf,
} from '../testing/sealed-poll.ts';
import { Voted, failuresOf, found, totalOf } from '../testing/voted.ts';

const DRAFTS = wholePoll();
const EVENTS = recorded(DRAFTS);
const HONEST = sealed(EVENTS);
const VKEYS = [verifierOf(VKEY)];
const BOX_SIZE = EVENTS.filter(({ stream }) => stream.startsWith('votes-')).length;

const boletim = anchorOf('urna', signedHead(EVENTS, 1));
const acts = anchorOf('atos', signedHead(EVENTS, 'atos'));

async function audited(events: readonly RecordedEvent[], options: Partial<AuditOptions> = {}): Promise<AuditReport> {
  const voted = await Voted.of(events);
  try {
    return await voted.audit(options);
  } finally {
    voted.dispose();
  }
}

/** Where they stand in the log of the specs. */
const at = (type: string): number => DRAFTS.findIndex(({ content }) => content.type === type);
const [FIRST_VOTE, CUT, CLOSED] = [2, at('BallotBoxClosed'), at('PollClosed')];
const LAST_VOTE = at('ParticipantChanged') - 1;
const TENTH = FIRST_VOTE + 9;

type Change = (drafts: Draft[]) => Draft[];
const changed =
  (index: number, change: (one: Draft) => Partial<Draft>): Change =>
  (drafts) =>
    drafts.with(index, { ...drafts[index]!, ...change(drafts[index]!) });
const vote = (index: number, change: object): Change =>
  changed(index, ({ content }) => ({ content: encodeVoteCast({ ...decodeVoteCast(content), ...change }) }));
const decision = (index: number, change: object): Change =>
  changed(index, ({ content }) => ({ content: encodePollEvent({ ...decodePollEvent(content), ...change }) }));
const castAt = (index: number): number => decodeVoteCast(DRAFTS[index]!.content).castAt;
const names = (...given: string[]) => ({ participants: given.map((name, index) => ({ number: index + 1, name })) });
const later = (hours: number): string => new Date(NOON + 3 * HOUR + hours * MINUTE).toISOString();

/** Which anchor shows it: all that happens before the cut is bound by the box. */
const TAMPERINGS: readonly [what: string, anchor: 'urna' | 'atos', change: Change][] = [
  ['votes removed at the tail', 'urna', (drafts) => drafts.toSpliced(LAST_VOTE - 3, 4)],
  ['the late vote removed', 'urna', (drafts) => drafts.toSpliced(CUT + 1, 1)],
  ['a vote removed', 'urna', (drafts) => drafts.toSpliced(TENTH, 1)],
  ['the first vote removed', 'urna', (drafts) => drafts.toSpliced(FIRST_VOTE, 1)],
  ['a vote turned', 'urna', vote(TENTH, { participantId: 1 })],
  ['a vote turned, with fresh ids', 'urna', (drafts) => drafts.with(TENTH, ballot('fresh', 2, castAt(TENTH)))],
  [
    'forged votes appended',
    'urna',
    (drafts) => drafts.toSpliced(LAST_VOTE + 1, 0, ballot('forged', 2, castAt(LAST_VOTE))),
  ],
  [
    'forged votes behind the cut',
    'urna',
    (drafts) => drafts.toSpliced(CUT + 1, 0, ballot('forged', 2, NOON + 3 * HOUR)),
  ],
  ['forged votes in between', 'urna', (drafts) => drafts.toSpliced(TENTH, 0, ballot('forged', 2, castAt(TENTH)))],
  ['two votes swapped', 'urna', (drafts) => drafts.with(5, drafts[6]!).with(6, drafts[5]!)],
  ['another hour', 'urna', changed(TENTH, () => ballot('v9', 2, castAt(TENTH) + HOUR))],
  [
    'the cut moved behind a late vote',
    'urna',
    (drafts) => drafts.with(CUT, drafts[CUT + 1]!).with(CUT + 1, drafts[CUT]!),
  ],
  [
    'votes moved behind the cut',
    'urna',
    (drafts) => drafts.toSpliced(CUT + 1, 0, drafts[LAST_VOTE]!).toSpliced(LAST_VOTE, 1),
  ],
  [
    'the box reopened',
    'urna',
    (drafts) =>
      drafts.toSpliced(
        CLOSED,
        0,
        ballot('more', 2, NOON + 2 * HOUR + 59 * MINUTE),
        ballot('again', 2, NOON + 2 * HOUR + 59 * MINUTE),
      ),
  ],
  ['the choices swapped', 'urna', decision(0, names('Íris', 'Aurora'))],
  ['another name', 'urna', decision(0, names('Aurora', 'Isis'))],
  ['another title', 'urna', decision(0, { title: 'Quem fica?' })],
  ['other rules', 'urna', decision(0, { rules: 'Outras.' })],
  ['a correction removed', 'urna', (drafts) => drafts.toSpliced(at('ParticipantChanged'), 1)],
  ['a correction changed', 'urna', decision(at('ParticipantChanged'), { name: 'Outra' })],
  [
    'a forged correction',
    'urna',
    (drafts) =>
      drafts.toSpliced(
        TENTH,
        0,
        act(
          'x',
          {
            type: 'ParticipantChanged',
            pollId: OPENED.pollId,
            number: 1,
            name: 'Ela',
            changedAt: new Date(castAt(TENTH)).toISOString(),
            by: 'ana',
          },
          castAt(TENTH),
        ),
      ),
  ],
  ['another closer', 'urna', decision(CLOSED, { by: 'bia' })],
  ['another closing time', 'urna', decision(CLOSED, { closedAt: new Date(NOON + 3 * HOUR - SECOND).toISOString() })],
  ['another id of a vote', 'urna', changed(TENTH, () => ({ id: '12345678-0000-4000-8000-000000000000' }))],
  ['another id of a decision', 'urna', changed(CLOSED, () => ({ id: '12345678-0000-4000-8000-000000000000' }))],
  ['other evidence', 'urna', priced],
  [
    'another history of the same totals',
    'urna',
    (drafts) =>
      drafts.map((one, index) =>
        index >= FIRST_VOTE && index <= LAST_VOTE
          ? ballot(`w${index}`, decodeVoteCast(one.content).participantId, castAt(index))
          : one,
      ),
  ],
  ['another proclaimer', 'atos', decision(at('ResultProclaimed'), { by: 'bia' })],
  ['the proclamation removed', 'atos', (drafts) => drafts.slice(0, -1)],
  ['another time of the seal', 'atos', decision(at('PollSealed'), { sealedAt: later(0) })],
];

/** A raised price, with the evidence that the disclosed key gives for it. */
function priced(drafts: Draft[]): Draft[] {
  const { voteId, expiresAt } = decodeVoteCast(drafts[TENTH]!.content);
  const evidence = EVIDENCE.evidenceOf(voteId, expiresAt, 'raised');
  return vote(TENTH, { humanCheck: { provider: 'altcha', price: 'raised', evidence } })(drafts);
}

/** Without the second count, which is a thread for each: what it says is looked at where it may say something. */
const QUICK = { independent: false } as const;

describe('the log as it is', () => {
  it('agrees with what was signed, and with nothing from outside', async () => {
    const report = await audited(HONEST);
    expect(failuresOf(report)).toEqual({});
    expect(report.anchored).toEqual({ leaves: 0, of: BOX_SIZE - 1 });
    expect(report.checks.slice(-4).map(({ id, outcome }) => `${id} ${outcome}`)).toEqual([
      ...['keys skipped', 'checkpoints ok', 'anchors skipped', 'sign-off ok'],
    ]);
  });

  it('agrees with anchors of any size, and says how far they go', async () => {
    const early = anchorOf('cedo', signedHead(EVENTS, 1, 7));
    for (const [anchors, leaves] of [
      [[early], 7],
      [[early, acts, boletim], BOX_SIZE],
      [[acts], 0],
    ] as const) {
      const report = await audited(HONEST, { ...QUICK, vkeys: VKEYS, anchors });
      expect({ failures: failuresOf(report), anchored: report.anchored }).toEqual({
        ...{ failures: {}, anchored: { leaves, of: BOX_SIZE - 1 } },
      });
    }
  });

  it('is whole up to its last vote, although checkpoints of it come after', async () => {
    const { position } = HONEST.findLast(({ stream }) => !stream.startsWith('checkpoints-'))!;
    expect(HONEST.at(-1)!.position).toBeGreaterThan(position);
    const report = await audited(HONEST, { ...QUICK, until: { position } });
    expect({ failures: failuresOf(report), partial: report.partial }).toEqual({ failures: {}, partial: false });
  });

  it('is not compared with what goes further than a point in time', async () => {
    const { position } = HONEST.find(({ stream, revision }) => stream === 'votes-paredao-1' && revision === 9n)!;
    const report = await audited(HONEST, { ...QUICK, vkeys: VKEYS, anchors: [boletim], until: { position } });
    expect({ failures: failuresOf(report), anchored: report.anchored }).toEqual({
      ...{ failures: {}, anchored: { leaves: 0, of: 10 } },
    });
  });
});

describe('somebody who writes every store and has no key', () => {
  it.each(TAMPERINGS)('is found by an anchor: %s', async (_, anchor, change) => {
    const events = recorded(change(DRAFTS));
    const options = { ...QUICK, anchors: [anchor === 'urna' ? boletim : acts] };
    const dropped = failuresOf(await audited(events, options));
    const kept = failuresOf(await audited(withCheckpointsOf(events, HONEST), options));

    expect(dropped['anchors']).toEqual([expect.objectContaining({ at: { file: anchor } })]);
    expect(kept['anchors']).toEqual(dropped['anchors']);
    // nobody signed what is there now
    expect(dropped['checkpoints']).toContainEqual(found('not-sealed'));
    expect(kept).toHaveProperty('checkpoints');
    // all the rest was made to agree
    expect(Object.keys(dropped).sort()).toEqual(['anchors', 'checkpoints']);
  });

  it.each(['forged votes in between', 'other evidence', 'another hour'])(
    'is found by nothing else, not by the second count, the evidence or the published total: %s',
    async (what) => {
      const events = recorded(TAMPERINGS.find(([name]) => name === what)![2](DRAFTS));
      const published = publishedTotal('/total', totalOf(await audited(events, QUICK)));
      const report = await audited(events, { anchors: [boletim], published: () => Promise.resolve(published) });
      expect(Object.keys(failuresOf(report))).toEqual(['checkpoints', 'anchors']);
    },
  );

  it('is found by an anchor and by a key when the box says no more that it was opened', async () => {
    const [first, , ...rest] = DRAFTS;
    const stripped = recorded([...decision(0, { ballotBoxes: undefined })([first!]), ...rest]);
    expect((await audited(stripped, QUICK)).anchored).toBeNull();
    expect(failuresOf(await audited(stripped, { ...QUICK, anchors: [boletim], vkeys: VKEYS }))).toEqual({
      keys: [found('no-keys')],
      anchors: [found('anchor-without-log', { file: 'urna' })],
    });
  });

  it('is found by the key of the service, and by an anchor, when the keys are other ones', async () => {
    const other = new SealKeys([Buffer.alloc(32, 8)]);
    const forged = sealed(recorded(DRAFTS, other), other);
    expect(failuresOf(await audited(forged, QUICK))).toEqual({});
    expect(failuresOf(await audited(forged, { ...QUICK, anchors: [boletim], vkeys: VKEYS }))).toEqual({
      keys: [found('keys-not-proven')],
      anchors: [found('anchor-not-proven', { file: 'urna' }, { actual: 'unknown-signer' })],
    });
  });

  it('is found by an anchor when an older log is put back, and sealed anew', async () => {
    const fork = sealed(recorded(DRAFTS.toSpliced(TENTH, 3)));
    expect(failuresOf(await audited(fork, { ...QUICK, vkeys: VKEYS }))).toEqual({});
    expect(
      failuresOf(await audited(fork, { ...QUICK, anchors: [anchorOf('antes', signedHead(EVENTS, 1, 15))] })),
    ).toEqual({
      anchors: [found('anchor-differs', { file: 'antes' }, { expected: 15 })],
    });
  });

  it.each<[string, (event: RecordedEvent) => Partial<RecordedEvent>, string]>([
    ['another signature', ({ data }) => ({ data: edited(data, /(— \S+ .{8})./, '$1x') }), 'signed-head-not-proven'],
    ['the checkpoint of another log', () => ({ data: noteData(signedHead(EVENTS, 'atos')) }), 'signed-head-not-proven'],
    ['something else', () => ({ type: 'VoteCast' }), 'signed-head-not-proven'],
    [
      'one of another history',
      () => ({ data: noteData(signedHead(recorded(priced(DRAFTS)), 1, 20)) }),
      'signed-head-differs',
    ],
    [
      'one of a longer history',
      () => ({ data: noteData(signedHead(recorded(wholePoll(40)), 1)) }),
      'signed-head-ahead',
    ],
  ])('is found without an anchor where a checkpoint is exchanged: %s', async (_, change, code) => {
    const index = HONEST.findIndex(({ stream, revision }) => stream === 'checkpoints-paredao-1-1' && revision === 3n);
    const events = HONEST.with(index, { ...HONEST[index]!, ...change(HONEST[index]!) });
    expect(failuresOf(await audited(events, QUICK))['checkpoints']).toEqual([
      found(code as never, { stream: 'checkpoints-paredao-1-1', revision: '3' }),
    ]);
  });

  it('is found where something was decided afterwards that nobody signed', async () => {
    const reason = 'porque sim';
    const annulled = { type: 'PollAnnulled', pollId: OPENED.pollId, reason, annulledAt: later(9), by: 'bia' } as const;
    const events = recorded([...DRAFTS, act('n', annulled, NOON + 3 * HOUR + 9 * MINUTE)]);
    expect(failuresOf(await audited(withCheckpointsOf(events, HONEST), { ...QUICK, anchors: [acts] }))).toEqual({
      checkpoints: [found('not-sealed', { stream: 'poll-paredao-1' })],
    });
  });

  it('is found where a stream more has been made', async () => {
    const extra = { ...HONEST.at(-1)!, stream: 'checkpoints-paredao-1-2', revision: 0n, position: 999n, id: VOTE_ID };
    expect(failuresOf(await audited([...HONEST, extra], QUICK))).toHaveProperty('polls');
  });
});

const VOTE_ID = '12345678-0000-4000-8000-000000000001';
const edited = (data: Uint8Array, from: RegExp, to: string): Buffer =>
  Buffer.from(Buffer.from(data).toString().replace(from, to));
const noteData = (note: string): Buffer => Buffer.from(JSON.stringify({ note }));

describe('an anchor', () => {
  const audit = (...anchors: ReturnType<typeof anchorOf>[]) =>
    audited(HONEST, { ...QUICK, vkeys: VKEYS, anchors }).then(failuresOf);

  it('may be a boletim that holds checkpoints of both logs', async () => {
    const json = JSON.stringify({ urna: { checkpoint: boletim.notes[0] }, atos: [acts.notes[0]], total: 24 });
    expect(anchorOf('boletim.json', json).notes).toEqual([...boletim.notes, ...acts.notes]);
    expect(await audit(anchorOf('boletim.json', json))).toEqual({});
  });

  it('of another poll, or by another key, is told', async () => {
    const other = new SealKeys([Buffer.alloc(32, 8)]);
    const { notes } = boletim;
    const elsewhere = anchorOf('x', notes[0]!.replaceAll('paredao-1', 'paredao-2'));
    expect(await audit(elsewhere, anchorOf('y', signedHead(EVENTS, 1, undefined, other)))).toEqual({
      anchors: [found('anchor-of-another-log', { file: 'x' }), found('anchor-not-proven', { file: 'y' })],
    });
  });

  it.each([
    ['nothing', ''],
    ['a text', 'bom dia'],
    ['JSON without checkpoints', '{"total":3}'],
    ['a broken proof', 'c2sp.org/tlog-proof@v1\nindex x\n\n'],
  ])('is not made of %s', (_, text) => {
    expect(() => anchorOf('file', text)).toThrow(expect.objectContaining({ code: 'invalid-anchor' }));
  });
});
