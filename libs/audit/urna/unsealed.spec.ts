import { describe, expect, it } from '@jest/globals';

import type { RecordedEvent } from '#domain';

import { HOUR, NOON, POLL_ID, SECOND } from '../../domain/testing/ballot-box.ts';
import { type EventSource, audit } from '../index.ts';
import { OPENED, act, recorded, sealed, wholePoll } from '../testing/sealed-poll.ts';
import { failuresOf, found } from '../testing/voted.ts';

const DRAFTS = wholePoll();
const HONEST = sealed(recorded(DRAFTS));
const OPEN = sealed(
  recorded(
    DRAFTS.slice(
      0,
      DRAFTS.findIndex(({ content }) => content.type === 'ParticipantChanged'),
    ),
  ),
);
const END = NOON + 3 * HOUR;

/** A source that says of its time whatever somebody wrote there. */
function sourceOf(events: readonly RecordedEvent[], asOf: number | undefined, rest: Partial<EventSource> = {}) {
  return {
    name: { kind: 'export' as const },
    isInUse: false,
    findings: () => undefined,
    polls: () => Promise.resolve(undefined),
    asOf: () => asOf,
    async *read(stream: string, from: bigint) {
      yield events.filter((one) => one.stream === stream && one.revision >= from);
    },
    async *pages() {
      yield { events, fraction: 1 };
    },
    ...rest,
  };
}

async function checkpoints(source: EventSource) {
  const report = await audit({ source, pollId: POLL_ID, independent: false });
  return failuresOf(report)['checkpoints'];
}

const without = (events: readonly RecordedEvent[], last: number, stream: string): RecordedEvent[] => {
  const kept = events.filter((one) => one.stream === stream).slice(0, -last);
  return events.filter((one) => one.stream !== stream || kept.includes(one));
};
/** The last checkpoints of a log are not there: the two of the box from its cut on, and that of the last act. */
const BOX = without(HONEST, 2, 'checkpoints-paredao-1-1');
const ACTS = without(HONEST, 1, 'checkpoints-paredao-1-atos');
/** All of it in one moment. */
const at = (events: readonly RecordedEvent[], moment: number): RecordedEvent[] =>
  events.map((event) => ({ ...event, recordedAt: moment }));

describe('a box that has a cut', () => {
  it.each([
    ['when it was exported', END],
    ['nothing of that', undefined],
  ])('is signed up to it, whatever its times are, and whoever writes it says %s', async (_, asOf) => {
    expect(await checkpoints(sourceOf(HONEST, asOf))).toBeUndefined();
    for (const [events, stream] of [
      [BOX, 'votes-paredao-1'],
      [ACTS, 'poll-paredao-1'],
    ] as const) {
      expect(await checkpoints(sourceOf(events, asOf))).toEqual([found('not-sealed', { stream })]);
      expect(await checkpoints(sourceOf(at(events, END), asOf))).toEqual([found('not-sealed', { stream })]);
    }
  });

  it('of a log in use is signed a moment later, and that is waited for', async () => {
    const now = at(BOX, Date.now());
    let reads = 0;
    const source = sourceOf(now, Date.now(), {
      isInUse: true,
      async *read(stream, from) {
        const known = stream.startsWith('checkpoints-') && ++reads > 3 ? HONEST : now;
        yield known.filter((one) => one.stream === stream && one.revision >= from);
      },
    });

    expect(await checkpoints(source)).toBeUndefined();
    expect(reads).toBeGreaterThan(3);
  });

  it('of a log in use that nobody signs is waited for until a minute is over', async () => {
    const almost = at(BOX, Date.now() - 59_500);
    const started = performance.now();

    expect(await checkpoints(sourceOf(almost, Date.now(), { isInUse: true }))).toEqual([found('not-sealed')]);
    expect(performance.now() - started).toBeGreaterThan(250);
    expect(await checkpoints(sourceOf(BOX, Date.now(), { isInUse: true }))).toEqual([found('not-sealed')]);
    expect(performance.now() - started).toBeLessThan(5000);
  });

  it('is not the one whose later checkpoint is of another history', async () => {
    const now = at(BOX, Date.now());
    const reason = 'porque não';
    const annulled = { type: 'PollAnnulled', pollId: OPENED.pollId, reason, annulledAt: '', by: 'bia' } as const;
    const drafts = DRAFTS.with(2, DRAFTS[3]!).with(3, DRAFTS[2]!);
    const other = sealed(recorded([...drafts, act('n', annulled, END + 9 * SECOND)]));
    let reads = 0;
    const source = sourceOf(now, Date.now(), {
      isInUse: true,
      async *read(stream, from) {
        const known = stream.startsWith('checkpoints-') && ++reads > 2 ? other : now;
        yield known.filter((one) => one.stream === stream && one.revision >= from);
      },
    });

    expect(await checkpoints(source)).toContainEqual(found('signed-head-differs'));
  });
});

describe('a box that is open', () => {
  const last = OPEN.findLast(({ type }) => type === 'VoteCast')!;
  const late = without(OPEN, 1, 'checkpoints-paredao-1-1');

  it('lacks the last checkpoint in an export of any point in time, for a minute', async () => {
    expect(late).toHaveLength(OPEN.length - 1);
    for (const asOf of [undefined, 0, last.recordedAt + 59 * SECOND])
      expect(await checkpoints(sourceOf(late, asOf))).toBeUndefined();
    expect(await checkpoints(sourceOf(late, last.recordedAt + 61 * SECOND))).toEqual([found('not-sealed')]);
  });

  it('lacks nothing of before that, whatever an export says of its time', async () => {
    const early = without(OPEN, 4, 'checkpoints-paredao-1-1');
    for (const asOf of [undefined, 0, last.recordedAt, END])
      expect(await checkpoints(sourceOf(early, asOf))).toEqual([found('not-sealed', { stream: 'votes-paredao-1' })]);
  });
});
