import { type KeyObject, createSecretKey, hash, hkdfSync } from 'node:crypto';

import { type PriceClass, type VoteCast, minuteFrom, timeFormatter } from '#domain';

import { HmacSigner } from './altcha/hmac-signer.ts';

const KEY_BYTES = 32;
/** 16 bytes of the HMAC: as hard to guess as an id. */
const EVIDENCE_DIGITS = 32;

/**
 * The key that marks the votes of one poll. Its hash stands in `PollOpened`; it is disclosed when the poll is over, so that
 * anybody can tell a vote whose id was never a challenge of this deployment.
 */
export class EvidenceKey {
  /** SHA-256 of the key, hexadecimal. */
  readonly hash: string;
  private readonly signer: HmacSigner;
  private readonly expiresAtText = timeFormatter();

  private constructor(private readonly key: Buffer) {
    this.hash = hash('sha256', key, 'hex');
    this.signer = new HmacSigner(createSecretKey(key));
  }

  /** The key of a poll, by HKDF-SHA-256 from the deployment's secret: every instance has it, and no rotation changes it. */
  static of(secret: KeyObject, pollId: string): EvidenceKey {
    return new EvidenceKey(Buffer.from(hkdfSync('sha256', secret, '', `paredao-evidence/${pollId}`, KEY_BYTES)));
  }

  /** A key that was disclosed: 64 hexadecimal digits. */
  static disclosed(hex: string): EvidenceKey {
    return new EvidenceKey(Buffer.from(hex, 'hex'));
  }

  /** To disclose it: 64 hexadecimal digits. */
  get hex(): string {
    return this.key.toString('hex');
  }

  /**
   * The evidence of a vote, 32 hexadecimal digits: of HMAC-SHA-256 over `voteId|expiresAt|price`, the texts as they stand in
   * the event.
   * @param expiresAt ms since the epoch; it is rounded up to a whole minute, as in the event
   */
  evidenceOf(voteId: string, expiresAt: number, price: PriceClass): string {
    const expires = this.expiresAtText(minuteFrom(expiresAt));
    return this.signer.sign(`${voteId}|${expires}|${price}`).slice(0, EVIDENCE_DIGITS);
  }

  /** Whether a vote of version 2 has the evidence that only this key gives. It is asked once the key is disclosed: how long it takes may tell. */
  proves({ voteId, expiresAt, humanCheck }: VoteCast): boolean {
    if (!('price' in humanCheck)) return false;
    return humanCheck.evidence === this.evidenceOf(voteId, expiresAt, humanCheck.price);
  }
}
