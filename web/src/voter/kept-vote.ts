import { ofTab } from '../shared/storage.ts';
import { ofThisPoll } from '../shared/this-poll.ts';
import type { Choice } from './vote-flow.ts';

/** A vote that is under way or waits, as the tab keeps it in case the page is loaded again. */
export interface KeptVote {
  readonly choice: Choice;
  /** It was sent at least once: it may have got through. */
  readonly sent: boolean;
  /** Of the challenge that it was sent with last. */
  readonly nonce?: string | undefined;
  /** A pause came: the voter decides whether it goes on. */
  readonly paused?: boolean | undefined;
}

type Stored = Partial<Omit<KeptVote, 'choice'>> & { readonly choice?: Partial<Choice> };

/** Each poll has its own, as with the challenge. */
const key = (): string => ofThisPoll('paredao.voto');

/** Undefined when there is none, or nothing usable. */
export function keptVote(): KeptVote | undefined {
  try {
    const kept = JSON.parse(ofTab.load(key()) ?? 'null') as Stored | null;
    const { choice: { number, whatFor, cedula, titulo } = {}, sent, nonce, paused } = kept ?? {};
    if (typeof number !== 'number' || typeof whatFor !== 'string' || typeof cedula !== 'string') return undefined;
    return { choice: { number, whatFor, cedula, titulo: titulo ?? '' }, sent: sent === true, nonce, paused };
  } catch {
    return undefined;
  }
}

/** Undefined: it was settled. */
export function keepVote(kept: KeptVote | undefined): void {
  if (kept === undefined) ofTab.remove(key());
  else ofTab.save(key(), JSON.stringify(kept));
}

/** Whether a vote on this ballot may have got through, and waits for its confirmation. */
export function waitsFor(cedula: string): boolean {
  const kept = keptVote();
  return kept?.sent === true && kept.choice.cedula === cedula;
}

/**
 * The vote that goes on. One that was sent goes on only with its challenge, or it might count twice, and none on another ballot.
 * @param nonce of the challenge that the tab has kept
 * @param onLost called when a vote that may have got through cannot go on
 */
export function resumable(cedula: string, nonce: string | undefined, onLost: () => void): KeptVote | undefined {
  const kept = keptVote();
  const isWhole = nonce !== undefined && nonce === kept?.nonce;
  if (kept?.choice.cedula === cedula && (isWhole || !kept.sent)) return kept;
  keepVote(undefined);
  if (kept?.sent === true) onLost();
  return undefined;
}
