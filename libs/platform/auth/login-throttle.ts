import { networkOf } from '../http/rate-limit.ts';
import { ProblemError } from '../problems.ts';
import type { Applicant } from './hash-queue.ts';
import { RecentSet } from './recent-set.ts';
import { WindowCounts } from './window-counts.ts';

const WINDOW_MS = 60_000;
/** Wrong passwords an address may send in the window: for one user, and for all names together. Right ones do not count. */
const USER_FAILURES = 5;
const ADDRESS_FAILURES = 20;
/** Refusals by the queue that are held against their addresses: more would only fill the memory. */
const REFUSALS = 10_000;
/** Who logged in from an address on this working day is let through a crowd of guessers. */
const KNOWN_MS = 12 * 3_600_000;
const MAX_KNOWN = 1000;

/** Slows guessers down, by their address and the name that they try, and lets the staff through. */
export class LoginThrottle {
  /** Only a password that was hashed makes an entry, and few can be hashed in a minute; refusals have a limit: that bounds both. */
  private readonly userFailures = new WindowCounts(WINDOW_MS);
  private readonly addressFailures = new WindowCounts(WINDOW_MS);
  private readonly refusals = new WindowCounts(WINDOW_MS);
  private readonly known = new RecentSet(KNOWN_MS, MAX_KNOWN);

  /**
   * Who is known does not answer for what others at the same address try.
   * @throws ProblemError `too-many-requests` after several failures
   */
  assertOpen(name: string, address: string): void {
    assertBelow(USER_FAILURES, this.userFailures.get(pair(name, address)));
    if (this.known.has(pair(name, address))) return;
    assertBelow(ADDRESS_FAILURES, this.addressFailures.get(address));
  }

  /** Whose turn it is: who is known, then who failed least. */
  applicant(name: string, address: string): Applicant {
    const client = pair(name, address);
    if (this.known.has(client)) return { client, rank: -1 };
    return { client: address, network: networkOf(address), rank: this.addressFailures.get(address).count };
  }

  passed(name: string, address: string): void {
    this.known.add(pair(name, address));
    this.userFailures.delete(pair(name, address));
  }

  failed(name: string, address: string): void {
    this.userFailures.add(pair(name, address));
    this.addressFailures.add(address);
  }

  /** Who had no turn has used up a try as well: a crowd that hammers at the queue goes to its end, then out. */
  hadNoTurn(address: string): void {
    if (this.refusals.add('all') <= REFUSALS) this.addressFailures.add(address);
  }
}

const pair = (name: string, address: string): string => `${address} ${name.slice(0, 100)}`;

function assertBelow(limit: number, { count, leftMs }: ReturnType<WindowCounts['get']>): void {
  if (count < limit) return;
  throw new ProblemError('too-many-requests', undefined, Math.max(1, Math.ceil(leftMs / 1000)));
}
