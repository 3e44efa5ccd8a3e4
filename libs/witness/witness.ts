import {
  type Checkpoint,
  EMPTY_ROOT,
  type Signer,
  TransparencyError,
  type TransparencyErrorCode,
  type TreeHead,
  type Verifier,
  checkpointOf,
  openNote,
  parseNote,
  signNote,
  signatureLine,
  verifierOf,
  verifyConsistency,
} from '#transparency';

import { SIZE_TYPE, parseAddCheckpoint } from './add-checkpoint.ts';
import { type KnownLog, logsIn } from './log-keys.ts';
import type { KeptCheckpoint, Reason, WitnessStore } from './sqlite/witness-store.ts';
import type { Tell } from './tell.ts';

/** What is answered, as HTTP says it. */
export interface Answer {
  readonly status: number;
  readonly type: string;
  readonly body: string;
}

/** What a witness works with. */
export interface WitnessParts {
  readonly store: WitnessStore;
  /** Its own key, of type `cosignature`. */
  readonly key: Signer;
  /** Verifier keys of the deployments whose logs are taken. */
  readonly deployments: readonly Verifier[];
  /** With which the origins of the logs begin. */
  readonly prefix: string;
  readonly tell: Tell;
}

const STATUS: Readonly<Record<TransparencyErrorCode, number>> = {
  'malformed-checkpoint': 400,
  'malformed-note': 400,
  'malformed-key': 400,
  'malformed-proof': 400,
  'invalid-signature': 403,
  'unknown-signer': 403,
  'other-origin': 403,
  'not-included': 422,
};

const said = (status: number, body: string): Answer => ({
  status,
  type: 'text/plain; charset=utf-8',
  body: `${body}\n`,
});

/** Says the size that the witness has. The type is exactly that of the standard. */
const seen = (size: number): Answer => ({ status: 409, type: SIZE_TYPE, body: `${size}\n` });

const same = (one: Uint8Array, other: Uint8Array): boolean => Buffer.compare(one, other) === 0;

/**
 * Cosigns checkpoints of logs, each of which goes on from the one before (C2SP tlog-witness). So nobody is shown another log
 * than it was shown. To whoever has a checkpoint with a good signature it says its last size, which of a ballot box is a count: it is to be asked at a
 * secret address (`witnessServer`).
 */
export class Witness {
  constructor(private readonly parts: WitnessParts) {}

  /**
   * `add-log`, an extension: a deployment introduces the logs of a poll, each of which has a key of its own. The key of a log
   * never changes.
   * @param note see `logsIn`
   */
  addLog(note: Uint8Array): Answer {
    const { store, deployments, prefix } = this.parts;
    return answered(() => {
      const logs = logsIn(note, deployments, prefix);
      return store.alone(() => this.know(logs));
    });
  }

  /** `add-checkpoint`. What is signed is on the disk before this returns. @param body see `parseAddCheckpoint` */
  addCheckpoint(body: Uint8Array): Answer {
    const { store } = this.parts;
    return answered(() => {
      const { oldSize, proof, checkpoint: note } = parseAddCheckpoint(body);
      const checkpoint = checkpointOf(note);
      const vkey = store.keyOf(checkpoint.origin);
      if (vkey === undefined) return said(404, 'this log is not known');
      const { text, verified } = openNote(note, [verifierOf(vkey)]);
      if (oldSize > checkpoint.size) return said(400, 'the old size is larger than that of the checkpoint');
      // only what was checked is kept: signatures of others could be anything
      const signed = { ...checkpoint, note: signNote(text, [], verified) };
      return store.alone(() => this.decide(signed, oldSize, proof));
    });
  }

  private know(logs: readonly KnownLog[]): Answer {
    const { store, tell } = this.parts;
    for (const { origin, vkey } of logs) {
      const known = store.keyOf(origin);
      if (known === undefined) {
        store.addLog({ origin, vkey });
        tell('info', 'a log is known from now on', { log: origin });
      } else if (known !== vkey) {
        tell('error', 'a log came with another key: REFUSED', { log: origin });
        throw new TransparencyError('other-origin', `${origin} has another key`);
      }
    }
    return said(200, 'these logs are known');
  }

  private decide(asked: KeptCheckpoint, oldSize: number, proof: readonly Uint8Array[]): Answer {
    const { store } = this.parts;
    const last: TreeHead = store.find(asked.origin) ?? { size: 0, root: EMPTY_ROOT };
    const kept = store.find(asked.origin, asked.size);
    if (kept !== undefined && !same(kept.root, asked.root)) {
      this.refuse(asked, 'fork');
      return seen(last.size);
    }
    if (oldSize !== last.size || (asked.size === last.size && !same(asked.root, last.root))) return seen(last.size);
    if (!verifyConsistency(last, asked, proof)) {
      this.refuse(asked, 'unproven');
      return said(422, `nothing proves that this tree goes on from the one of ${last.size} leaves`);
    }
    return this.cosign(asked, kept === undefined);
  }

  private cosign(asked: KeptCheckpoint, isNew: boolean): Answer {
    const { store, key, tell } = this.parts;
    const { text, signatures } = parseNote(asked.note);
    const cosignature = { name: key.name, keyId: key.keyId, signature: key.sign(text) };
    if (isNew) {
      store.keep({ ...asked, note: signNote(text, [], [...signatures, cosignature]) });
      tell('info', 'cosigned', place(asked));
    }
    return { status: 200, type: 'text/plain; charset=utf-8', body: signatureLine(cosignature) };
  }

  private refuse(asked: KeptCheckpoint, reason: Reason): void {
    const isNew = this.parts.store.keepRefused(asked, reason);
    // once for each: whoever has a checkpoint can send it as often as they like
    if (isNew) this.parts.tell('error', REFUSALS[reason], place(asked));
  }
}

const REFUSALS: Readonly<Record<Reason, string>> = {
  fork: 'FORK: the log signed two trees of the same size; both checkpoints are kept',
  unproven: 'a checkpoint does not go on from the last one: REFUSED, and kept',
};

const place = ({ origin, size }: Checkpoint): { log: string; size: number } => ({ log: origin, size });

function answered(work: () => Answer): Answer {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof TransparencyError)) throw error;
    return said(STATUS[error.code], error.message);
  }
}
