import { describe, expect, it } from '@jest/globals';
import { createHash, createHmac, createSecretKey, hkdfSync } from 'node:crypto';

import { type VoteCast, decodeVoteCast, encodeVoteCast } from '#domain';

import { EvidenceKey } from './evidence.ts';

const SECRET = createSecretKey(Buffer.alloc(32, 7));
const key = EvidenceKey.of(SECRET, '12');
const expiresAt = Date.UTC(2026, 10, 23, 22, 46);
const voteId = '00112233445566778899aabbccddeeff';

const vote: VoteCast = {
  voteId,
  participantId: 1,
  castAt: Date.UTC(2026, 10, 23, 22, 41),
  expiresAt,
  humanCheck: { provider: 'altcha', price: 'raised', evidence: key.evidenceOf(voteId, expiresAt, 'raised') },
};

describe('the key that marks the votes of a poll', () => {
  it('follows from the secret and the poll, and is told by its hash', () => {
    const expected = Buffer.from(hkdfSync('sha256', Buffer.alloc(32, 7), '', 'paredao-evidence/12', 32));
    expect(key.hex).toBe(expected.toString('hex'));
    expect(key.hash).toBe(createHash('sha256').update(expected).digest('hex'));
    expect(EvidenceKey.of(SECRET, '12').hash).toBe(key.hash);
    expect(EvidenceKey.of(SECRET, '13').hash).not.toBe(key.hash);
    expect(EvidenceKey.disclosed(key.hex).hash).toBe(key.hash);
  });

  it('makes what anybody can make again from the event and the disclosed key', () => {
    const text = Buffer.from(encodeVoteCast(vote).data).toString();
    const { expiresAt: expires, humanCheck } = JSON.parse(text) as {
      expiresAt: string;
      humanCheck: { price: string; evidence: string };
    };
    const mac = createHmac('sha256', Buffer.from(key.hex, 'hex')).update(`${voteId}|${expires}|${humanCheck.price}`);
    expect(humanCheck.evidence).toBe(mac.digest('hex').slice(0, 32));
  });

  it('proves a vote as it comes out of the log', () => {
    expect(key.proves(decodeVoteCast(encodeVoteCast(vote)))).toBe(true);
  });

  it('rounds an exact expiry as the event does', () => {
    expect(key.evidenceOf(voteId, expiresAt - 1, 'raised')).toBe(key.evidenceOf(voteId, expiresAt, 'raised'));
    expect(key.evidenceOf(voteId, expiresAt + 1, 'raised')).not.toBe(key.evidenceOf(voteId, expiresAt, 'raised'));
  });

  it.each<[string, VoteCast]>([
    ['another id', { ...vote, voteId: voteId.replace('0', 'f') }],
    ['another expiry', { ...vote, expiresAt: expiresAt + 60_000 }],
    ['another price', { ...vote, humanCheck: { ...vote.humanCheck, price: 'base' } }],
    ['no evidence', { ...vote, humanCheck: { provider: 'altcha', difficulty: 1 } }],
  ])('does not prove a vote with %s', (_what, forged) => {
    expect(key.proves(forged)).toBe(false);
    expect(EvidenceKey.of(SECRET, '13').proves(vote)).toBe(false);
  });
});
