import { RateLimiterMemory, type RateLimiterRes } from 'rate-limiter-flexible';

import { networkOf } from '../http/rate-limit.ts';
import { ProblemError } from '../problems.ts';
import type { Applicant } from './hash-queue.ts';
import { RecentSet } from './recent-set.ts';

/** Wrong passwords an address may send in the window, s: for one user, and for all names together. Right ones do not count. */
const USER_FAILURES = { points: 5, duration: 60 };
const ADDRESS_FAILURES = { points: 20, duration: 60 };
/** Refusals by the queue that are held against their addresses: more would only fill the memory. */
const REFUSALS = { points: 10_000, duration: 60 };
/** Who logged in from an address on this working day is let through a crowd of guessers. */
const KNOWN_MS = 12 * 3_600_000;
const MAX_KNOWN = 1000;

/** Slows guessers down, by their address and the name that they try, and lets the staff through. */
export class LoginThrottle {
  /** Only a password that was hashed makes an entry, and few can be hashed in a minute; refusals have a limit: that bounds both. */
  private readonly userFailures = new RateLimiterMemory(USER_FAILURES);
  private readonly addressFailures = new RateLimiterMemory(ADDRESS_FAILURES);
  private readonly refusals = new RateLimiterMemory(REFUSALS);
  private readonly known = new RecentSet(KNOWN_MS, MAX_KNOWN);

  /**
   * Who is known does not answer for what others at the same address try.
   * @throws ProblemError `too-many-requests` after several failures
   */
  async assertOpen(name: string, address: string): Promise<void> {
    assertBelow(USER_FAILURES.points, await this.userFailures.get(pair(name, address)));
    if (this.known.has(pair(name, address))) return;
    assertBelow(ADDRESS_FAILURES.points, await this.addressFailures.get(address));
  }

  /** Whose turn it is: who is known, then who failed least. */
  async applicant(name: string, address: string): Promise<Applicant> {
    const client = pair(name, address);
    if (this.known.has(client)) return { client, rank: -1 };
    const failures = await this.addressFailures.get(address);
    return { client: address, network: networkOf(address), rank: failures?.consumedPoints ?? 0 };
  }

  async passed(name: string, address: string): Promise<void> {
    this.known.add(pair(name, address));
    await this.userFailures.delete(pair(name, address));
  }

  async failed(name: string, address: string): Promise<void> {
    await this.userFailures.penalty(pair(name, address));
    await this.addressFailures.penalty(address);
  }

  /** Who had no turn has used up a try as well: a crowd that hammers at the queue goes to its end, then out. */
  async hadNoTurn(address: string): Promise<void> {
    const { consumedPoints } = await this.refusals.penalty('all');
    if (consumedPoints <= REFUSALS.points) await this.addressFailures.penalty(address);
  }
}

const pair = (name: string, address: string): string => `${address} ${name.slice(0, 100)}`;

function assertBelow(limit: number, state: RateLimiterRes | null): void {
  if (state === null || state.consumedPoints < limit) return;
  throw new ProblemError('too-many-requests', undefined, Math.max(1, Math.ceil(state.msBeforeNext / 1000)));
}
