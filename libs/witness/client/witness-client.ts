import { BackOff } from '#async';
import {
  type Checkpoint,
  type TileReader,
  type NoteSignature,
  checkpointOf,
  consistencyProof,
  cosignatureTime,
  nodesFromTiles,
  openNote,
  parseNote,
  rootOf,
  signatureLine,
  verifyConsistency,
} from '#transparency';

import { SIZE_TYPE, formatAddCheckpoint, sizeIn } from '../add-checkpoint.ts';
import { type Reply, post } from './requests.ts';
import type { WitnessAddress } from './witness-list.ts';

/** A checkpoint for which cosignatures are asked. */
export interface ShownCheckpoint {
  /** The checkpoint, signed by the log. */
  readonly note: string;
  /** Tiles of a tree of at least that size: proofs are made of them. */
  readonly tiles: TileReader;
  /** The keys of the poll's logs, signed by the deployment: what introduces them to a witness that does not know them. */
  readonly keys: string;
}

/** What came of asking a witness. */
export type Outcome =
  | { readonly outcome: 'cosigned'; /** To be added to the note. */ readonly line: string }
  /** Its tree of `size` leaves is no beginning of ours: somebody was shown another log. */
  | { readonly outcome: 'fork'; readonly size: number }
  /** It has cosigned a checkpoint of this log of `size` leaves, more than ours has. */
  | { readonly outcome: 'ahead'; readonly size: number }
  | { readonly outcome: 'failed'; readonly reason: string }
  /** It is not asked now: it does not answer and has a pause, or it was shown a newer checkpoint, or this program stops. */
  | { readonly outcome: 'skipped' };

/** All of one question: the size that it has, the log introduced, the proof. */
const LIMIT_MS = 4_000;
const MAX_REQUESTS = 5;
/** Of the year 9999: what comes later cannot be written as a time. */
const LAST_SECOND = 253_402_300_799n;
const PAUSES = { firstPauseMs: 1_000, longestPauseMs: 60_000 };

/** What is known of a log at the witness. */
interface Place {
  /** Leaves of the last checkpoint that it cosigned, as far as it said. */
  size: number;
  /** When it may be asked again, by the monotonic clock. */
  nextAt: number;
}

/** Asks one witness, about any number of logs, by one question at a time unless one cannot wait. */
export class WitnessClient {
  private readonly backOff = new BackOff(PAUSES);
  private pausedUntil = -Infinity;
  private readonly places = new Map<string, Place>();
  private turn: Promise<unknown> = Promise.resolve();

  constructor(readonly address: WitnessAddress) {}

  /** Asks for a cosignature, when the questions before it are answered. It never throws, and ends within four seconds of its turn. */
  ask(sealed: ShownCheckpoint, stopped?: AbortSignal): Promise<Outcome> {
    const answer = this.turn.then(() => this.askInTurn(sealed, stopped));
    this.turn = answer;
    return answer;
  }

  /**
   * The same at once, beside other questions, and although it has a pause: what failed may have been about another log. It ends within four
   * seconds, and is skipped only when this program stops.
   */
  async askAtOnce(sealed: ShownCheckpoint, stopped?: AbortSignal): Promise<Outcome> {
    const checkpoint = checkpointOf(sealed.note);
    const place = this.placeOf(checkpoint);
    const limit = AbortSignal.timeout(LIMIT_MS);
    const signal = stopped === undefined ? limit : AbortSignal.any([limit, stopped]);
    const outcome = await this.outcomeOf(sealed, checkpoint, place, signal);
    if (stopped?.aborted === true) return { outcome: 'skipped' };
    this.pause(place, outcome);
    return outcome;
  }

  private async askInTurn(sealed: ShownCheckpoint, stopped?: AbortSignal): Promise<Outcome> {
    const { nextAt } = this.placeOf(checkpointOf(sealed.note));
    const isPaused = performance.now() < Math.max(nextAt, this.pausedUntil);
    return isPaused ? { outcome: 'skipped' } : this.askAtOnce(sealed, stopped);
  }

  private placeOf({ origin }: Checkpoint): Place {
    const place = this.places.get(origin) ?? { size: 0, nextAt: -Infinity };
    this.places.set(origin, place);
    return place;
  }

  /** A log that it does not take waits twice as long as the others, so that it is not in their way. */
  private pause(place: Place, { outcome }: Outcome): void {
    if (outcome !== 'failed') return this.backOff.reset();
    const pause = this.backOff.next();
    this.pausedUntil = performance.now() + pause;
    place.nextAt = performance.now() + 2 * pause;
  }

  private async outcomeOf(
    sealed: ShownCheckpoint,
    checkpoint: Checkpoint,
    place: Place,
    signal: AbortSignal,
  ): Promise<Outcome> {
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
    sealed: ShownCheckpoint,
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

  private cosigned({ note }: ShownCheckpoint, { size }: Checkpoint, place: Place, { body }: Reply): Outcome {
    const { verified } = openNote(`${parseNote(note).text}\n${body}`, [this.address.verifier]);
    const [cosignature] = verified as [NoteSignature];
    if (cosignatureTime(cosignature.signature) > LAST_SECOND) return failed('its clock is wrong');
    place.size = size;
    return { outcome: 'cosigned', line: signatureLine(cosignature) };
  }

  private corrected({ size }: Checkpoint, place: Place, oldSize: number, { type, body }: Reply): Outcome | undefined {
    const theirs = type === SIZE_TYPE ? sizeIn(body) : undefined;
    if (theirs === undefined) return failed('it refused the size without saying which it has');
    place.size = theirs;
    if (theirs > size) return { outcome: 'ahead', size: theirs };
    return theirs === size && oldSize === size ? { outcome: 'fork', size } : undefined;
  }

  private async introduce({ keys }: ShownCheckpoint, signal: AbortSignal): Promise<Outcome | undefined> {
    const { status } = await post(`${this.address.url}/add-log`, keys, signal);
    return status === 200 ? undefined : failed('it does not know this log');
  }
}

/** Checked here: a witness that refuses a proof which is good has seen another tree. */
async function proofOf({ tiles }: ShownCheckpoint, oldSize: number, checkpoint: Checkpoint): Promise<Uint8Array[]> {
  const read = nodesFromTiles(checkpoint.size, tiles);
  const old = { size: oldSize, root: await rootOf(oldSize, read) };
  const proof = await consistencyProof(oldSize, checkpoint.size, read);
  if (!verifyConsistency(old, checkpoint, proof)) throw new Error('our own tiles do not make this checkpoint');
  return proof;
}

const failed = (reason: string): Outcome => ({ outcome: 'failed', reason });
