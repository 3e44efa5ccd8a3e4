import { setTimeout as delay } from 'node:timers/promises';

import { BackOff } from '#async';
import type { SubscriptionPage } from '#event-log';
import { ReadModelUnavailableError } from '#read-model';

import type { QuarantineNews } from './projection-news.ts';
import type { Projection } from './projection.ts';
import { Turns } from './skipped.ts';

/** Tallies are stored this often at most while votes come in, ms. */
const SAVE_INTERVAL_MS = 50;
/** Starting again from what is stored reads some minutes of the log again, so not every failed write does it. */
const SAVE_LIMIT_MS = 60_000;
const SAVE_PAUSES = { firstPauseMs: 100, longestPauseMs: 2000 };

export interface Saving {
  /** Takes a page in. */
  readonly fold: (page: SubscriptionPage) => Promise<void>;
  /** Everything that was folded is stored. */
  readonly onSave?: (quarantined: readonly QuarantineNews[]) => Promise<void> | void;
  /** The read model is away; it is tried again for a minute. */
  readonly onSaveFailed?: (error: ReadModelUnavailableError) => void;
  /** It was tried for too long, or something else broke: the error comes out of `ended`. */
  readonly onBroken: () => void;
}

/**
 * Folds and stores, one at a time. While the read model is away it folds on. Otherwise the subscription would fill up, and its
 * backlog would take long after the read model is back; so the first save that succeeds holds everything.
 */
export class Saver {
  private readonly turns = new Turns();
  private savedAt = 0;
  private retrying: Promise<void> | undefined;

  constructor(
    private readonly projection: Projection,
    private readonly signal: AbortSignal,
    private readonly saving: Saving,
  ) {}

  /** Folds a page, and stores it unless more is to come at once. */
  take(page: SubscriptionPage): Promise<void> {
    return this.turns.take(async () => {
      await this.saving.fold(page);
      const wait = this.savedAt + SAVE_INTERVAL_MS - performance.now();
      // behind, or the read model is away: fold on. Caught up: wait, so that more events gather for the next page
      if (this.retrying !== undefined || (wait > 0 && !page.caughtUp)) return;
      if (wait > 0) await delay(wait);
      await this.saveOrRetry();
    });
  }

  /** Stores what was folded otherwise than by `take`. */
  save(): Promise<void> {
    return this.turns.take(async () => {
      if (this.retrying === undefined) await this.saveOrRetry();
    });
  }

  /** Resolves when nothing is tried any more. @throws what broke */
  async ended(): Promise<void> {
    await this.retrying;
  }

  private async saveOrRetry(): Promise<void> {
    if (await this.saved(performance.now() + SAVE_LIMIT_MS)) return;
    this.retrying = this.retry();
    this.retrying.catch(this.saving.onBroken);
  }

  private async retry(): Promise<void> {
    const limit = performance.now() + SAVE_LIMIT_MS;
    for (const backOff = new BackOff(SAVE_PAUSES); ;) {
      await backOff.wait(this.signal);
      if (this.signal.aborted) return;
      const isSaved = await this.turns.take(async () => {
        const saved = await this.saved(limit);
        // before the next page is folded, which else would not be stored
        if (saved) this.retrying = undefined;
        return saved;
      });
      if (isSaved) return;
    }
  }

  /** False when the read model is away, and may be tried again until the limit. */
  private async saved(limit: number): Promise<boolean> {
    const quarantined = await this.projection.save().catch((error: unknown) => {
      if (!(error instanceof ReadModelUnavailableError) || performance.now() > limit) throw error;
      this.saving.onSaveFailed?.(error);
    });
    if (quarantined === undefined) return false;
    this.savedAt = performance.now();
    await this.saving.onSave?.(quarantined);
    return true;
  }
}
