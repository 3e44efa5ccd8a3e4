import { ofTab } from '../shared/storage.ts';
import { ofThisPoll } from '../shared/this-poll.ts';
import type { Moment } from './freshness.ts';
import type { Challenge } from '#contract';

/** A challenge as the tab keeps it, so that a page that is loaded again goes on with it instead of asking for another. */
export interface KeptChallenge {
  readonly challenge: Challenge;
  /** When it came, ms since 1970 on this device's clock. */
  readonly since: number;
  /** What a vote is sent with, once it is solved. */
  readonly altcha?: string;
  /** The widget's token that went with the vote. */
  readonly token?: string;
}

/** A tab may go from a rehearsal to the real poll and back: neither takes what is the other's. */
const key = (): string => ofThisPoll('paredao.desafio');

/** Reads what `keepChallenge` wrote; undefined when there is nothing usable. */
export function keptChallenge(): KeptChallenge | undefined {
  try {
    const kept = JSON.parse(ofTab.load(key()) ?? 'null') as Partial<KeptChallenge> | null;
    const isUsable = typeof kept?.since === 'number' && typeof kept.challenge?.parameters.nonce === 'string';
    return isUsable ? (kept as KeptChallenge) : undefined;
  } catch {
    return undefined;
  }
}

/** Undefined: there is none to keep any more. */
export function keepChallenge(kept: KeptChallenge | undefined): void {
  if (kept === undefined) ofTab.remove(key());
  else ofTab.save(key(), JSON.stringify(kept));
}

/** When it came, on both clocks: the monotonic one began anew with the page. A device clock that was set back makes it new, which the server then refuses. */
export const momentOf = (since: number, now: Moment): Moment => ({
  monotonic: now.monotonic - Math.max(now.wall - since, 0),
  wall: since,
});
