import { BackOff } from '#async';
import {
  type Checkpoint,
  type TileReader,
  consistencyProof,
  nodesFromTiles,
  openNote,
  parseCheckpoint,
  parseNote,
  rootOf,
  signatureLine,
  verifyConsistency,
} from '#transparency';

import { SIZE_TYPE, formatAddCheckpoint, sizeIn } from '../add-checkpoint.ts';
import { type Reply, post } from './requests.ts';
import type { WitnessAddress } from './witness-list.ts';

/** A checkpoint for which cosignatures are asked. */
export interface SealedCheckpoint {
  /** The checkpoint, signed by the log. */
  readonly note: string;
  /** Tiles of a tree of at least that size: proofs are made of them. */
  readonly tiles: TileReader;
  /** The keys of the poll's logs, signed by the deployment: what introduces them to a witness that does not know them. */
  readonly keys: string;
}

/** What came of asking a witness. */
type Outcome =
  | { readonly outcome: 'cosigned'; /** To be added to the note. */ readonly line: string }
  /** Its tree of `size` leaves is no beginning of ours: somebody was shown another log. */
  | { readonly outcome: 'fork'; readonly size: number }
  /** It has cosigned a checkpoint of this log of `size` leaves, more than ours has. */
  | { readonly outcome: 'ahead'; readonly size: number }
  | { readonly outcome: 'failed'; readonly reason: string }
  /** It is not asked now: it was asked less than a second ago, or does not answer and has a pause. */
  | { readonly outcome: 'skipped' };

/** What came of asking one of several. */
export type WitnessAnswer = Outcome & { readonly witness: string };

/** All of one question: the size that it has, the log introduced, the proof. */
const LIMIT_MS = 4_000;
const MAX_REQUESTS = 5;
/** Between two questions about a log. */
const INTERVAL_MS = 1_000;
const PAUSES = { firstPauseMs: 1_000, longestPauseMs: 60_000 };

/** What is known of a log at the witness. */
interface Place {
  /** Leaves of the last checkpoint that it cosigned, as far as it said. */
  size: number;
  /** When it may be asked again, by the monotonic clock. */
  nextAt: number;
}

/** Asks one witness, about any number of logs, by one question at a time for each. */
export class WitnessClient {
  private readonly backOff = new BackOff(PAUSES);
  private pausedUntil = -Infinity;
  private readonly places = new Map<string, Place>();

  constructor(readonly address: WitnessAddress) {}

  /** Asks for a cosignature. It never throws and ends within four seconds. */
  async ask(sealed: SealedCheckpoint): Promise<WitnessAnswer> {
    const witness = this.address.verifier.name;
    const checkpoint = parseCheckpoint(parseNote(sealed.note).text);
    const place = this.places.get(checkpoint.origin) ?? { size: 0, nextAt: -Infinity };
    this.places.set(checkpoint.origin, place);
    if (performance.now() < Math.max(place.nextAt, this.pausedUntil)) return { witness, outcome: 'skipped' };
    place.nextAt = Infinity;
    const outcome = await this.outcomeOf(sealed, checkpoint, place);
    place.nextAt = performance.now() + INTERVAL_MS;
    if (outcome.outcome === 'failed') this.pausedUntil = performance.now() + this.backOff.next();
    else this.backOff.reset();
    return { witness, ...outcome };
  }

  private async outcomeOf(sealed: SealedCheckpoint, checkpoint: Checkpoint, place: Place): Promise<Outcome> {
    const signal = AbortSignal.timeout(LIMIT_MS);
    try {
      for (let requests = 0; requests < MAX_REQUESTS; requests++) {
        const outcome = await this.request(sealed, checkpoint, place, signal);
        if (outcome !== undefined) return outcome;
      }
      return failed('it does not say what it has seen');
    } catch (error) {
      const { message, cause } = error as Error;
      return failed(cause instanceof Error ? cause.message : message);
    }
  }

  /** One request. Undefined when it is to be made again with what was learnt. */
  private async request(
    sealed: SealedCheckpoint,
    checkpoint: Checkpoint,
    place: Place,
    signal: AbortSignal,
  ): Promise<Outcome | undefined> {
    const oldSize = Math.min(place.size, checkpoint.size);
    const proof = oldSize === 0 ? [] : await proofOf(sealed, oldSize, checkpoint);
    const body = formatAddCheckpoint({ oldSize, proof, checkpoint: sealed.note });
    const reply = await post(`${this.address.url}/add-checkpoint`, body, signal);
    if (reply.status === 200) return this.cosigned(sealed, checkpoint, place, reply);
    if (reply.status === 409) return this.corrected(checkpoint, place, oldSize, reply);
    if (reply.status === 404) return await this.introduce(sealed, signal);
    return reply.status === 422 ? { outcome: 'fork', size: oldSize } : failed(`it answered ${reply.status}`);
  }

  private cosigned({ note }: SealedCheckpoint, { size }: Checkpoint, place: Place, { body }: Reply): Outcome {
    const { verified } = openNote(`${parseNote(note).text}\n${body}`, [this.address.verifier]);
    place.size = size;
    return { outcome: 'cosigned', line: signatureLine(verified[0]!) };
  }

  private corrected({ size }: Checkpoint, place: Place, oldSize: number, { type, body }: Reply): Outcome | undefined {
    const theirs = type === SIZE_TYPE ? sizeIn(body) : undefined;
    if (theirs === undefined) return failed('it refused the size without saying which it has');
    place.size = theirs;
    if (theirs > size) return { outcome: 'ahead', size: theirs };
    return theirs === size && oldSize === size ? { outcome: 'fork', size } : undefined;
  }

  private async introduce({ keys }: SealedCheckpoint, signal: AbortSignal): Promise<Outcome | undefined> {
    const { status } = await post(`${this.address.url}/add-log`, keys, signal);
    return status === 200 ? undefined : failed('it does not know this log');
  }
}

/** Checked here: a witness that refuses a proof which is good has seen another tree. */
async function proofOf({ tiles }: SealedCheckpoint, oldSize: number, checkpoint: Checkpoint): Promise<Uint8Array[]> {
  const read = nodesFromTiles(checkpoint.size, tiles);
  const old = { size: oldSize, root: await rootOf(oldSize, read) };
  const proof = await consistencyProof(oldSize, checkpoint.size, read);
  if (!verifyConsistency(old, checkpoint, proof)) throw new Error('our own tiles do not make this checkpoint');
  return proof;
}

const failed = (reason: string): Outcome => ({ outcome: 'failed', reason });
