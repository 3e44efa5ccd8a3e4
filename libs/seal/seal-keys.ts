import { type KeyObject, createPrivateKey, hkdfSync } from 'node:crypto';

import { FIRST_BOX } from '#domain';
import {
  type Signer,
  TransparencyError,
  noteSigner,
  openNote,
  parseNote,
  signNote,
  signatureLine,
  verifierKey,
  verifierOf,
} from '#transparency';

import { deploymentName, originOf, receiptName } from './names.ts';
import { formatPollKeys } from './poll-keys.ts';

const SEED_BYTES = 32;
/** Before the 32 bytes of an Ed25519 seed in a PrivateKeyInfo (RFC 8410, section 7). */
const PKCS8_PREFIX = Buffer.from('302e020100300506032b657004220420', 'hex');

/** Info of HKDF-SHA256 (RFC 5869) before the origin of the log: a key has one purpose. */
const INFO = { log: 'paredao-urna/', receipts: 'paredao-recibo/' };

/** What signs for a poll. */
export interface PollSigners {
  readonly box: Signer;
  readonly acts: Signer;
  readonly receipts: Signer;
}

/** Signs a text with a key that is elsewhere: 64 bytes, Ed25519. */
export type SignElsewhere = (text: string) => Promise<Uint8Array>;

/**
 * The key of the deployment. From it come those of its logs, one for each, and those of receipts. A poll goes on with the key that it
 * was opened with, so earlier ones are kept.
 */
export class SealKeys {
  /**
   * @param seeds of Ed25519 keys, 32 bytes each, the newest first; at least one
   * @param elsewhere public keys of the deployment whose private keys are elsewhere, the newest first. Where there are some, only they count: whoever
   * has a seed introduces no poll with it
   */
  constructor(
    private readonly seeds: readonly Uint8Array[],
    private readonly elsewhere: readonly KeyObject[] = [],
  ) {}

  /** Verifier keys of a deployment that calls itself so, the newest first. */
  deploymentKeys(host: string): string[] {
    const keys = this.elsewhere.length > 0 ? this.elsewhere : this.seeds.map(keyOf);
    return keys.map((key) => verifierKey(deploymentName(host), key));
  }

  /** The keys of a poll that is opened now, as a note that the deployment's key signed. */
  noteFor(host: string, pollId: string): string {
    const [seed] = this.seeds;
    return signNote(textOf(seed!, host, pollId), [noteSigner(deploymentName(host), keyOf(seed!))]);
  }

  /**
   * The same where the deployment's key is elsewhere.
   * @throws TransparencyError `invalid-signature` when the newest of those keys did not sign; and what `sign` throws
   */
  async noteSignedElsewhere(sign: SignElsewhere, host: string, pollId: string): Promise<string> {
    const verifier = verifierOf(this.deploymentKeys(host)[0]!);
    const text = textOf(this.seeds[0]!, host, pollId);
    const signature = await sign(text);
    const note = `${text}\n${signatureLine({ ...verifier, signature })}`;
    openNote(note, [verifier]);
    return note;
  }

  /**
   * What signs for a poll.
   * @param note that the deployment made when the poll was opened
   * @returns undefined for a note that this deployment did not make
   */
  signersOf(note: string, host: string, pollId: string): PollSigners | undefined {
    const text = this.textOfOurs(note, host);
    const seed = this.seeds.find((one) => textOf(one, host, pollId) === text);
    return seed && derived(seed, host, pollId);
  }

  /** The text of a note that one of the deployment's keys signed, and nobody else. */
  private textOfOurs(note: string, host: string): string | undefined {
    try {
      if (parseNote(note).signatures.length !== 1) return undefined;
      return openNote(note, this.deploymentKeys(host).map(verifierOf)).text;
    } catch (error) {
      if (!(error instanceof TransparencyError)) throw error;
      return undefined;
    }
  }
}

function textOf(seed: Uint8Array, host: string, pollId: string): string {
  const { box, acts, receipts } = logsOf(seed, host, pollId);
  return formatPollKeys({ box: vkeyOf(box), acts: vkeyOf(acts), receipts: vkeyOf(receipts) });
}

interface NamedKey {
  readonly name: string;
  readonly key: KeyObject;
}

const vkeyOf = ({ name, key }: NamedKey): string => verifierKey(name, key);

function derived(seed: Uint8Array, host: string, pollId: string): PollSigners {
  const { box, acts, receipts } = logsOf(seed, host, pollId);
  const signer = ({ name, key }: NamedKey): Signer => noteSigner(name, key);
  return { box: signer(box), acts: signer(acts), receipts: signer(receipts) };
}

function logsOf(seed: Uint8Array, host: string, pollId: string): Record<keyof PollSigners, NamedKey> {
  const [box, acts] = [originOf(host, pollId, FIRST_BOX), originOf(host, pollId, 'atos')];
  return {
    box: { name: box, key: keyFor(seed, INFO.log + box) },
    acts: { name: acts, key: keyFor(seed, INFO.log + acts) },
    receipts: { name: receiptName(box), key: keyFor(seed, INFO.receipts + box) },
  };
}

const keyFor = (seed: Uint8Array, info: string): KeyObject =>
  keyOf(Buffer.from(hkdfSync('sha256', seed, '', info, SEED_BYTES)));

const keyOf = (seed: Uint8Array): KeyObject =>
  createPrivateKey({ key: Buffer.concat([PKCS8_PREFIX, seed]), format: 'der', type: 'pkcs8' });
