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
  private next = 0n;

  private constructor(private readonly log: UrnaLog) {}

  /** Reads them, and checks each signature. */
  static async of(read: ReadStream, log: UrnaLog, signal?: AbortSignal): Promise<SignedHeads> {
    const heads = new SignedHeads(log);
    await heads.readOn(read, signal);
    return heads;
  }

  /**
   * Reads those that were signed since.
   * @param isKnown of which sizes they are taken; what came after the log was read is compared with nothing
   */
  async readOn(read: ReadStream, signal?: AbortSignal, isKnown = (_size: number): boolean => true): Promise<void> {
    for await (const page of read(this.log.checkpoints, this.next)) {
      for (const event of page) this.add(event, isKnown);
      // signatures take a tenth of a millisecond each
      await setImmediate();
      signal?.throwIfAborted();
    }
  }

  /** Leaves that the largest of them has. */
  get sealed(): number {
    return this.heads.reduce((most, { size }) => Math.max(most, size), 0);
  }

  private add(event: RecordedEvent, isKnown: (size: number) => boolean): void {
    this.next = event.revision + 1n;
    const overruled = overruledIn(event);
    if (overruled !== undefined) this.odd.add(finding('seal-overruled', placeOf(event), null, { ...overruled }));
    else this.addHead(event, isKnown);
  }

  private addHead(event: RecordedEvent, isKnown: (size: number) => boolean): void {
    this.count++;
    try {
      const { size, root } = openCheckpoint(noteIn(event)?.note ?? '', [this.log.verifier]);
      if (isKnown(size)) this.heads.push({ size, root: base64(root), revision: event.revision });
    } catch (error) {
      if (!(error instanceof TransparencyError)) throw error;
      this.wrong.add(finding('signed-head-not-proven', placeOf(event), null, error.code));
    }
  }
}
