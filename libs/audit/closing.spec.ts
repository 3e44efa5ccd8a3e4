import { afterEach, describe, expect, it } from '@jest/globals';

import { HOUR, MINUTE, NOON, SECOND, cut, decided, vote } from '../domain/testing/ballot-box.ts';
import type { Finding } from './index.ts';
import { Voted, WHOLE_POLL, failuresOf, found } from './testing/voted.ts';

const CLOSED_AT = NOON + HOUR;
const [OPENED] = WHOLE_POLL;
const closed = (recordedAt = CLOSED_AT) => ({
  ...decided({ type: 'PollClosed', pollId: 'paredao-1', closedAt: new Date(CLOSED_AT).toISOString(), by: 'produção' }),
  recordedAt,
});
const VOTE = vote('a', 1, { castAt: CLOSED_AT - SECOND });

let voted: Voted;
afterEach(() => voted.dispose());

async function closingOf(...entries: Parameters<typeof Voted.from>[0] & object): Promise<readonly Finding[]> {
  voted = await Voted.from([OPENED!, ...entries]);
  return failuresOf(await voted.audit())['closing'] ?? [];
}

describe('the closing of a poll', () => {
  it('lets votes in that were on their way', async () => {
    const onItsWay = vote('b', 1, { castAt: CLOSED_AT + 5 * SECOND, recordedAt: CLOSED_AT + 9 * SECOND });
    expect(await closingOf(VOTE, closed(), onItsWay, cut(CLOSED_AT + 11 * SECOND))).toEqual([]);
  });

  it('lets no vote in that was cast afterwards, though it stands before the cut', async () => {
    const late = vote('b', 1, { castAt: CLOSED_AT + 5 * SECOND + 1, recordedAt: CLOSED_AT + 6 * SECOND });
    expect(await closingOf(VOTE, closed(), late, cut(CLOSED_AT + 11 * SECOND))).toEqual([
      found('vote-after-closing', { revision: '1' }, { actual: '2026-11-23T13:00:05.001Z' }),
    ]);
  });

  it('has a cut a minute later', async () => {
    expect(await closingOf(VOTE, closed())).toEqual([
      found('missing-cut', {}, { expected: '2026-11-23T13:00:00.000Z' }),
    ]);
  });

  it('may be without one until then', async () => {
    voted = await Voted.from([OPENED!, VOTE, closed(), vote('b', 1, { castAt: CLOSED_AT, recordedAt: CLOSED_AT })]);
    // the log goes on, but the audit stops there
    const until = { position: voted.events.at(-1)!.position - 1n };
    expect(failuresOf(await voted.audit({ until }))).not.toHaveProperty('closing');
  });

  it('is noted where only the clock of the log says that it was at another time', async () => {
    voted = await Voted.from([OPENED!, VOTE, closed(CLOSED_AT - 2 * MINUTE), cut(CLOSED_AT + 11 * SECOND)]);
    const report = await voted.audit();

    expect(failuresOf(report)).not.toHaveProperty('closing');
    expect(report.checks.find(({ id }) => id === 'closing')?.observations).toEqual([
      found(
        'recorded-at-another-time',
        { stream: 'poll-paredao-1', revision: '1' },
        { expected: '2026-11-23T13:00:00.000Z', actual: '2026-11-23T12:58:00.000Z' },
      ),
    ]);
  });

  /** The clock of the host is set back by an hour and the log's stands still, then it closes. */
  const SET_BACK = CLOSED_AT + HOUR;
  const whileItStands = (name: string) => vote(name, 1, { castAt: SET_BACK - SECOND, recordedAt: SET_BACK });
  it.each([
    ['votes stand before it', [whileItStands('a'), whileItStands('b'), closed(SET_BACK), cut(SET_BACK)]],
    ['only the cut shows it', [VOTE, closed(SET_BACK), cut(SET_BACK)]],
  ])('may seem to be recorded later where the clock of the log stood still: %s', async (_, entries) => {
    voted = await Voted.from([OPENED!, ...entries]);
    const report = await voted.audit();

    expect(failuresOf(report)).not.toHaveProperty('closing');
    expect(report.checks.find(({ id }) => id === 'closing')?.observations).toContainEqual(
      found('recorded-at-another-time', { stream: 'poll-paredao-1', revision: '1' }),
    );
  });

  it.each([
    ['earlier', [whileItStands('a'), whileItStands('b'), closed(SET_BACK - 3 * HOUR)]],
    ['a day later', [vote('a', 1, { recordedAt: SET_BACK + 25 * HOUR }), closed(SET_BACK + 25 * HOUR)]],
    ['while the clock ran', [whileItStands('a'), closed(SET_BACK + 1), cut(SET_BACK + 11 * SECOND)]],
    ['in the same instant as a vote before it', [whileItStands('a'), closed(SET_BACK), cut(SET_BACK + 11 * SECOND)]],
  ])('is not recorded %s, whatever the clock', async (_, entries) => {
    expect(await closingOf(...entries)).toContainEqual(found('recorded-at-another-time', { revision: '1' }));
  });

  it('has no cut yet in the minute after it was recorded, where the clock of the log stood still', async () => {
    const onItsWay = vote('c', 1, { castAt: CLOSED_AT - SECOND, recordedAt: SET_BACK });
    const entries = [whileItStands('a'), whileItStands('b'), closed(SET_BACK), onItsWay, cut(SET_BACK)];
    voted = await Voted.from([OPENED!, ...entries]);
    const until = { position: voted.events.at(-2)!.position };

    expect(failuresOf(await voted.audit({ until }))).not.toHaveProperty('closing');
  });
});
