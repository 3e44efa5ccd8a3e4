import { randomBytes, randomUUID } from 'node:crypto';

import { type VoteCast, encodeVoteCast } from '#domain';
import type { NewEvent } from '#event-log';
import { type PollKeys, SealKeys, parsePollKeys } from '#seal';
import { verifierOf } from '#transparency';

import { ReceiptIssuer } from '../index.ts';

const HOST = 'voto.example';
const keys = new SealKeys([Buffer.alloc(32, 1)]);

/** Verifier keys of a poll of the deployment that specs are of. */
const pollKeys = (pollId = '7'): PollKeys => parsePollKeys(keys.noteFor(HOST, pollId));

/** What gives the receipts of its ballot box, and the key to verify them with. */
export function receiptsOf(pollId = '7') {
  const { box, receipts } = keys.signersOf(keys.noteFor(HOST, pollId), HOST, pollId)!;
  return { issuer: new ReceiptIssuer(box.name, receipts), key: verifierOf(pollKeys(pollId).receipts) };
}

/** A vote as it is appended. */
export function voteEvent(participantId = 1, vote: Partial<VoteCast> = {}): NewEvent {
  const humanCheck = { provider: 'altcha', price: 'base', evidence: randomBytes(16).toString('hex') } as const;
  const times = { castAt: Date.UTC(2026, 10, 23, 22, 41), expiresAt: Date.UTC(2026, 10, 23, 22, 47) };
  const voteId = randomBytes(16).toString('hex');
  return { ...encodeVoteCast({ voteId, participantId, ...times, humanCheck, ...vote }), id: randomUUID() };
}
