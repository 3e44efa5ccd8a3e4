import { setImmediate } from 'node:timers/promises';

import type { ReadStream, RecordedEvent } from '#domain';
import { noteIn } from '#seal';
import { TransparencyError, base64 } from '#transparency';

import { Findings, finding, placeOf } from '../findings.ts';
import { openCheckpoint, overruledIn } from './signed-checkpoint.ts';
import type { UrnaLog } from './urna-logs.ts';

/** What was signed of a log once. */
interface SignedHead {
  readonly size: number;
  /** Base64. */
  readonly root: string;
  /** Of the event in the stream of checkpoints. */
  readonly revision: bigint;
}

/** Every checkpoint of a log that is stored, in the order in which they were signed. */
export class SignedHeads {
  /** Those that the log's key signed. */
  readonly heads: SignedHead[] = [];
  readonly wrong = new Findings();
  /** What an operator decided. */
  readonly odd = new Findings();
  count = 0;

  private constructor(private readonly log: UrnaLog) {}

  /** Reads them, and checks each signature. */
  static async of(read: ReadStream, log: UrnaLog, signal?: AbortSignal): Promise<SignedHeads> {
    const heads = new SignedHeads(log);
    for await (const page of read(log.checkpoints, 0n)) {
      for (const event of page) heads.add(event);
      // signatures take a tenth of a millisecond each
      await setImmediate();
      signal?.throwIfAborted();
    }
    return heads;
  }

  /** Leaves that the largest of them has. */
  get sealed(): number {
    return this.heads.reduce((most, { size }) => Math.max(most, size), 0);
  }

  private add(event: RecordedEvent): void {
    const overruled = overruledIn(event);
    if (overruled !== undefined) this.odd.add(finding('seal-overruled', placeOf(event), null, { ...overruled }));
    else this.addHead(event);
  }

  private addHead(event: RecordedEvent): void {
    this.count++;
    try {
      const { size, root } = openCheckpoint(noteIn(event)?.note ?? '', [this.log.verifier]);
      this.heads.push({ size, root: base64(root), revision: event.revision });
    } catch (error) {
      if (!(error instanceof TransparencyError)) throw error;
      this.wrong.add(finding('signed-head-not-proven', placeOf(event), null, error.code));
    }
  }
}
