import { Injectable } from '@nestjs/common';
import { createHash, randomUUID } from 'node:crypto';

import { RecentMap } from '#collections';
import { PHOTO_STORED, photoStream } from '#domain';
import { EventLog, WrongExpectedRevisionError } from '#event-log';
import { ProblemError } from '#platform';

/** Photos that are kept in memory, at most 500 KB each; half of them are those of a final of ten, and more. */
const MAX_REMEMBERED = 32;

/**
 * Photos by the SHA-256 of their bytes. Each is the one event of a stream of its own in the log: there for every instance, and in every
 * backup, without another store.
 */
@Injectable()
export class PhotoStore {
  private readonly remembered = new RecentMap<string, Buffer>(MAX_REMEMBERED);

  constructor(private readonly log: EventLog) {}

  /**
   * @returns the hash, hexadecimal
   * @throws EventLogUnavailableError
   */
  async put(bytes: Buffer): Promise<string> {
    const hash = createHash('sha256').update(bytes).digest('hex');
    try {
      await this.log.append(
        photoStream(hash),
        [{ type: PHOTO_STORED, version: 1, data: bytes, id: randomUUID() }],
        'no-stream',
      );
    } catch (error) {
      // there already: the same name is the same photo
      if (!(error instanceof WrongExpectedRevisionError)) throw error;
    }
    this.remembered.set(hash, bytes);
    return hash;
  }

  /**
   * @returns undefined when no photo with this hash was ever stored, or `hash` is no hash
   * @throws EventLogUnavailableError when it is not in memory and the log cannot be read
   */
  async get(hash: string): Promise<Buffer | undefined> {
    const known = this.remembered.get(hash) ?? (await this.read(hash));
    if (known !== undefined) this.remembered.set(hash, known);
    return known;
  }

  /**
   * Whether all of them are stored: a poll names no photo that nobody can see.
   * @throws ProblemError `photo-not-found`, EventLogUnavailableError
   */
  async assertStored(hashes: readonly (string | null | undefined)[]): Promise<void> {
    for (const hash of hashes) {
      if (typeof hash === 'string' && (await this.get(hash)) === undefined)
        throw new ProblemError('photo-not-found', hash);
    }
  }

  private async read(hash: string): Promise<Buffer | undefined> {
    for await (const [event] of this.log.read(photoStream(hash), 0n)) if (event) return Buffer.from(event.data);
    return undefined;
  }
}
