import { expect, it } from '@jest/globals';

import { EvidenceKey } from '#human-check';

import { type Entry, NOON, HOUR, MINUTE, SECOND, cut, decided, vote, voteIdOf } from '../domain/testing/ballot-box.ts';
import { OPENED, Voted, failuresOf, found } from './testing/voted.ts';

const KEY = EvidenceKey.disclosed('7'.repeat(64));
const CLOSED_AT = NOON + HOUR;
const at = (time: number): string => new Date(time).toISOString();

/** A poll of rule 2 with votes of these evidences, and the key that its seal disclosed. */
async function sealed(
  key: EvidenceKey | undefined,
  evidences: readonly (string | undefined)[],
  ...more: readonly Entry[]
): Promise<Voted> {
  const votes = evidences.map((evidence, index) => {
    const expiresAt = NOON + 5 * MINUTE;
    const proof = evidence ?? KEY.evidenceOf(voteIdOf(`v${index}`), expiresAt, 'base');
    return vote(`v${index}`, 1, {
      castAt: NOON,
      recordedAt: NOON + SECOND,
      expiresAt,
      humanCheck: { provider: 'altcha', price: 'base', evidence: proof },
    });
  });
  return Voted.from([
    decided({ ...OPENED, evidenceKeyHash: KEY.hash }),
    ...votes,
    ...more,
    {
      ...decided({ type: 'PollClosed', pollId: 'paredao-1', closedAt: at(CLOSED_AT), by: 'x' }),
      recordedAt: CLOSED_AT,
    },
    cut(CLOSED_AT + 11 * SECOND),
    {
      ...decided({
        type: 'PollSealed',
        pollId: 'paredao-1',
        cut: String(votes.length + more.length),
        sealedAt: at(CLOSED_AT + 13 * SECOND),
        ...(key && { evidenceKey: key.hex }),
      }),
      recordedAt: CLOSED_AT + 13 * SECOND,
    },
  ]);
}

const failures = async (voted: Voted) => {
  const report = await voted.audit();
  voted.dispose();
  return failuresOf(report);
};

it('every vote of a poll that is over is proven by the key that was disclosed', async () => {
  expect(await failures(await sealed(KEY, [undefined, undefined, undefined]))).toEqual({});
});

it('a vote that no challenge ever was is found', async () => {
  expect(await failures(await sealed(KEY, [undefined, 'f'.repeat(32), undefined]))).toEqual({
    evidence: [found('false-evidence', { revision: '1' })],
  });
});

it('a vote made from a true one, with another expiry, is found', async () => {
  const expiresAt = NOON + 6 * MINUTE;
  const humanCheck = {
    provider: 'altcha',
    price: 'base',
    evidence: KEY.evidenceOf(voteIdOf('v0'), NOON + 5 * MINUTE, 'base'),
  } as const;
  const copy = vote('v0', 1, { castAt: NOON, recordedAt: NOON + SECOND, expiresAt, humanCheck });
  expect(await failures(await sealed(KEY, [undefined], copy))).toEqual({
    repeats: [found('repeat-differs', { revision: '1' })],
    evidence: [found('false-evidence', { revision: '1' })],
  });
});

it('a seal without the key that the opening announced is found', async () => {
  expect(await failures(await sealed(undefined, [undefined]))).toEqual({ evidence: [found('missing-evidence-key')] });
});

it('another key than was announced is found', async () => {
  const other = EvidenceKey.disclosed('8'.repeat(64));
  expect((await failures(await sealed(other, [undefined])))['evidence']).toContainEqual(
    found('evidence-key-differs', {}, { expected: KEY.hash, actual: other.hash }),
  );
});

it.each<[what: string, ids: object | undefined]>([
  ['that they are all gone', undefined],
  ['that none of them matters', { since: '3', after: 0, until: NOON + 5 * MINUTE }],
  ['that they stand where no event does', { since: '-1', after: -MINUTE, until: NOON + 5 * MINUTE }],
  ['that the last challenge expired earlier', { since: '0', after: -MINUTE, until: NOON }],
])(
  'a stored tally that says of the ids to remember %s is found: a restart would count a repeated vote',
  async (_, ids) => {
    const voted = await sealed(KEY, [undefined, undefined, undefined]);
    expect(failuresOf(await voted.audit())).toEqual({});
    voted.tamperTally(
      'UPDATE version_tallies SET snapshot = ?',
      JSON.stringify({ ...(await voted.storedTally()), ids }),
    );
    expect(failuresOf(await voted.audit())['read-model']).toContainEqual(found('tally-differs', { part: 'ids' }));
    voted.dispose();
  },
);

it('a cut that says of its time what it cannot have known is found', async () => {
  const voted = await sealed(KEY, [undefined]);
  voted.tamper(
    "UPDATE events SET data = CAST(replace(CAST(data AS TEXT), '2026', '2025') AS BLOB) WHERE type = 'BallotBoxClosed'",
  );
  expect(failuresOf(await voted.audit())['closing']).toContainEqual(
    found('recorded-at-another-time', { revision: '1' }),
  );
  voted.dispose();
});
