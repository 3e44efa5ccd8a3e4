import { ProblemError, networkOf } from '#platform';

import type { Applicant } from './hash-queue.ts';
import { RecentSet } from './recent-set.ts';
import { WindowCounts } from './window-counts.ts';

const WINDOW_MS = 60_000;
/** Wrong passwords an address may send in the window: for one user, and for all names together. Right ones do not count. */
const USER_FAILURES = 5;
const ADDRESS_FAILURES = 20;
/** Who logged in from an address on this working day is let through a crowd of guessers. */
const KNOWN_MS = 12 * 3_600_000;
const MAX_KNOWN = 1000;

/** Slows guessers down, by their address and the name that they try, and lets the staff through. */
export class LoginThrottle {
  private readonly userFailures = new WindowCounts(WINDOW_MS);
  private readonly addressFailures = new WindowCounts(WINDOW_MS);
  private readonly known = new RecentSet(KNOWN_MS, MAX_KNOWN);

  /**
   * Who logged in with the same password from the same address today does not answer for what others try there.
   * @param attempt names the address, the user and the password
   * @throws ProblemError `too-many-requests` after several failures
   */
  assertOpen(name: string, address: string, attempt: string): void {
    if (this.known.has(attempt)) return;
    assertBelow(USER_FAILURES, this.userFailures.get(pair(name, address)));
    assertBelow(ADDRESS_FAILURES, this.addressFailures.get(address));
  }

  /** Whose turn it is: whoever is likely to be right, then who failed least. */
  applicant(address: string, attempt: string, isLikely: boolean): Applicant {
    if (this.known.has(attempt)) return { client: attempt, rank: -1 };
    const rank = isLikely ? -1 : this.addressFailures.get(address).count;
    return { client: address, network: networkOf(address), rank };
  }

  passed(name: string, address: string, attempt: string): void {
    this.known.add(attempt);
    this.userFailures.delete(pair(name, address));
  }

  failed(name: string, address: string): void {
    this.userFailures.add(pair(name, address));
    this.addressFailures.add(address);
  }

  /** Who had no turn has used up a try as well: a crowd that hammers at the queue goes to its end, then out. */
  hadNoTurn(address: string): void {
    this.addressFailures.add(address);
  }
}

const pair = (name: string, address: string): string => `${address} ${name.slice(0, 100)}`;

function assertBelow(limit: number, { count, leftMs }: ReturnType<WindowCounts['get']>): void {
  if (count < limit) return;
  throw new ProblemError('too-many-requests', undefined, Math.max(1, Math.ceil(leftMs / 1000)));
}
