import { ofTab } from '../shared/storage.ts';
import { ofThisPoll } from '../shared/this-poll.ts';
import type { Choice } from './vote-flow.ts';

/** A vote that is under way or waits, as the tab keeps it in case the page is loaded again. */
export interface KeptVote {
  readonly choice: Choice;
  /** It was sent at least once: it may have got through. */
  readonly sent: boolean;
}

/** Each poll has its own, as with the challenge. */
const key = (): string => ofThisPoll('paredao.voto');

/** Undefined when there is none, or nothing usable. */
export function keptVote(): KeptVote | undefined {
  try {
    const kept = JSON.parse(ofTab.load(key()) ?? 'null') as Partial<KeptVote> | null;
    const { number, whatFor, cedula, titulo } = kept?.choice ?? {};
    if (typeof number !== 'number' || typeof whatFor !== 'string' || typeof cedula !== 'string') return undefined;
    return { choice: { number, whatFor, cedula, titulo: titulo ?? '' }, sent: kept?.sent === true };
  } catch {
    return undefined;
  }
}

/** Undefined: it was settled. */
export function keepVote(kept: KeptVote | undefined): void {
  if (kept === undefined) ofTab.remove(key());
  else ofTab.save(key(), JSON.stringify(kept));
}

/**
 * The vote that goes on. One that was sent goes on only with its challenge, or it might count twice, and none on another ballot.
 * @param onLost called when a vote that may have got through cannot go on
 */
export function resumable(cedula: string, hasChallenge: boolean, onLost: () => void): Choice | undefined {
  const kept = keptVote();
  if (kept?.choice.cedula === cedula && (hasChallenge || !kept.sent)) return kept.choice;
  keepVote(undefined);
  if (kept?.sent === true) onLost();
  return undefined;
}
