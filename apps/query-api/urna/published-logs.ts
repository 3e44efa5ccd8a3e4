import { Injectable } from '@nestjs/common';

import { RecentMap } from '#collections';
import { ProblemError } from '#platform';
import { ReadModel } from '#read-model';
import { type SealedCheckpoint, type SealedLog, publishedIn } from '#seal';

import { UrnaWitnesses } from './urna-witnesses.ts';

/** So long a checkpoint is not asked for again, ms. */
const KEPT_MS = 1000;
/** The same when more leaves are wanted than it has: whoever asks for what is not there must not keep the store busy. */
const KEPT_SHORT_MS = 100;
const MAX_REMEMBERED = 128;

interface Kept {
  readonly checkpoint: Promise<SealedCheckpoint>;
  /** On the clock of `performance.now()`, ms. */
  readonly at: number;
}

/** The checkpoints that were published last, without signatures that are wrong: a reader who knows the key would refuse the whole. */
@Injectable()
export class PublishedLogs {
  private readonly kept = new RecentMap<string, Kept>(MAX_REMEMBERED);

  constructor(
    private readonly readModel: ReadModel,
    private readonly witnesses: UrnaWitnesses,
  ) {}

  /**
   * The last checkpoint of a log, or that of a second ago.
   * @throws ProblemError `urna-not-sealed`, ReadModelUnavailableError
   */
  checkpoint(log: SealedLog, keptMs = KEPT_MS): Promise<SealedCheckpoint> {
    const known = this.kept.get(log.name);
    if (known !== undefined && performance.now() - known.at < keptMs) return known.checkpoint;
    const checkpoint = this.read(log);
    this.kept.set(log.name, { checkpoint, at: performance.now() });
    checkpoint.catch(() => this.kept.delete(log.name));
    return checkpoint;
  }

  /**
   * How many leaves are published: another instance may have shown a checkpoint that this one has not read yet.
   * @param wanted leaves; a store that has fewer is asked once more
   */
  async size(log: SealedLog, wanted: number): Promise<number> {
    const { size } = await this.checkpoint(log);
    return size >= wanted ? size : (await this.checkpoint(log, KEPT_SHORT_MS)).size;
  }

  private async read({ name, signer }: SealedLog): Promise<SealedCheckpoint> {
    const checkpoint = publishedIn(await this.readModel.tiles.published(name), signer, this.witnesses.verifiers);
    if (checkpoint === undefined) throw new ProblemError('urna-not-sealed');
    return checkpoint;
  }
}
