import type { AdminApi } from './admin-api.ts';
import type { Confirmation } from './confirm.ts';
import type { KeptDrafts } from './kept-drafts.ts';
import type { OpeningDialog } from './opening-dialog.ts';
import type { PhotoEditor } from './photo-editor.ts';
import { failureText } from './feedback.ts';
import { type ApiFailure, asFailure } from '../shared/failure.ts';
import type { PollSummary } from '#contract';

/** What the cards of the page share. */
export interface PollActions {
  readonly api: () => AdminApi;
  readonly confirmation: Confirmation;
  readonly opening: OpeningDialog;
  readonly editor: PhotoEditor;
  /** Annulled polls, of which another one may be held in place. */
  readonly annulled: () => readonly PollSummary[];
  /** What this login has not saved. */
  readonly kept: () => KeptDrafts;
  /** A command changed something. */
  readonly changed: () => void;
  /** Asks first. */
  readonly annul: (poll: PollSummary) => void;
  /** The poll was closed from here. */
  readonly closed: (id: string) => void;
  readonly denied: (failure: ApiFailure) => void;
}

/** A card of a poll that can still be changed. */
export interface Card {
  readonly root: HTMLElement;
  /** Shows the poll as it is now. */
  update(poll: PollSummary): void;
  /** Every second. */
  tick(): void;
  /** Whether a closed page would lose something. */
  readonly isAtRisk: boolean;
}

/** Waits for an answer. Rejects with the words for whoever asked. */
export async function inWords<T>(asked: Promise<T>): Promise<T> {
  try {
    return await asked;
  } catch (error) {
    throw new Error(failureText(asFailure(error)), { cause: error });
  }
}
