import type { PriceClass } from '#domain';

import { DecayingSketch } from './decaying-sketch.ts';
import { PollCurve } from './poll-curve.ts';

/** Where a request comes from, as far as limits tell clients apart. */
export interface Visitor {
  /** One household or one shared address: an IPv4 address or an IPv6 /64. */
  readonly client: string;
  /** Its neighbourhood: an IPv4 /24 or an IPv6 /48. */
  readonly network: string;
}

/** Each has a demand of its own: who votes, and who rehearses. */
export type Crowd = 'real' | 'rehearsal';

/** What the next challenge of a visitor costs. */
export interface Price {
  /** Multiple of the base difficulty, from 1. */
  readonly factor: number;
  /** Machines vote like this more often than people do. */
  readonly suspicious: boolean;
  /** It is raised because of what this client or its network asks for, not because everybody votes. */
  readonly crowded: boolean;
}

const MINUTE_MS = 60_000;

/** Challenges a minute that a client gets at the base price: a person who votes every three seconds, and a little. */
export const CLIENT_ALLOWANCE = 22;
/** Further ones a minute that double the price. It must be steep: a core is thousands of times faster than a finger. */
const CLIENT_DOUBLING = 0.75;

/** Challenges a minute that a network gets; beyond, the price grows with the square of the excess. */
export const NETWORK_ALLOWANCE = 1200;
const MAX_NETWORK_FACTOR = 16;

/** Below this many challenges a second a poll has no curve worth looking at. */
const QUIET_POLL_RATE = 20;
/** So many times the usual rate is still a good moment of the show. */
const USUAL_SURGE = 2;
const MAX_SURGE_FACTOR = 4;

/**
 * The price at which a native core (24 million hashes a second) makes fewer than 30 votes a minute, and which the phones
 * behind a shared address can still pay in the time between two votes, or a few times that.
 */
const MAX_FACTOR = 512;

/** Challenges a minute at which a client alone reaches the highest price. Below that no client is refused. */
const HIGHEST_PRICE_AT = CLIENT_ALLOWANCE + CLIENT_DOUBLING * Math.log2(MAX_FACTOR);

const SUSPICIOUS_FACTOR = 8;

/** Prices below this multiple of the base are the base price: a little more is still a person in a hurry. */
const RAISED_FACTOR = 2;

/**
 * The class of a price, which is all that a vote's event says of it: an exact one would chain the votes of a busy household. A
 * surge of the whole poll alone makes no price suspicious.
 * @param factor multiple of the base difficulty
 */
export function priceClassOf(factor: number): PriceClass {
  if (factor >= SUSPICIOUS_FACTOR * MAX_SURGE_FACTOR) return 'suspicious';
  return factor >= RAISED_FACTOR ? 'raised' : 'base';
}

/** How many there are, and how much a client gets. */
export interface DemandOptions {
  /** Processes among which the challenges are spread evenly; each sees its share of a client. Default: 1. */
  readonly instances?: number;
  /** Challenges a minute that a client gets at the highest price; beyond, it is refused. Default: none. */
  readonly ceiling?: number;
}

/** A client that pays the highest price already asks for more than its ceiling: a graphics card would not mind the price. */
export class TooManyChallengesError extends Error {
  override readonly name = 'TooManyChallengesError';
  readonly code = 'too-many-challenges';
}

/**
 * Prices challenges by demand. It counts challenges as they are handed out, not votes: who hoards them pays for it. All
 * counts fade within a minute, live in fixed memory, and are of this process alone: it shares nothing with the others.
 */
export class Demand {
  private readonly clients: DecayingSketch;
  private readonly networks: DecayingSketch;
  private readonly instances: number;
  private readonly ceiling: number;
  private curve: { readonly pollId: string; readonly of: PollCurve } | undefined;

  /** @param now monotonic clock, ms */
  constructor(
    { instances = 1, ceiling = Infinity }: DemandOptions = {},
    private readonly now: () => number = () => performance.now(),
  ) {
    this.instances = instances;
    this.ceiling = Math.max(ceiling, HIGHEST_PRICE_AT);
    this.clients = new DecayingSketch(MINUTE_MS, now);
    this.networks = new DecayingSketch(MINUTE_MS, now);
  }

  /**
   * Counts a challenge for a visitor. For its network and the poll a client counts up to its own allowance: what is beyond
   * raises no one else's price.
   * @returns what it costs
   * @throws TooManyChallengesError, and then it does not count
   */
  add(pollId: string, { client, network }: Visitor): Price {
    const { instances, ceiling } = this;
    const lately = instances * this.clients.add(client, 1, ceiling / instances);
    if (lately > ceiling) throw new TooManyChallengesError('too many challenges');
    const share = Math.min(1, CLIENT_ALLOWANCE / lately);
    const crowding = Math.max(1, (instances * this.networks.add(network, share)) / NETWORK_ALLOWANCE);
    const excess = Math.max(0, lately - CLIENT_ALLOWANCE);
    const own = 2 ** (excess / CLIENT_DOUBLING) * Math.min(crowding ** 2, MAX_NETWORK_FACTOR);
    const factor = Math.min(own * this.surge(pollId, share), MAX_FACTOR);
    return { factor, suspicious: own >= SUSPICIOUS_FACTOR, crowded: own >= RAISED_FACTOR };
  }

  /** In powers of two: the public reads the difficulty, and must not read the rate of the votes from it. */
  private surge(pollId: string, share: number): number {
    const now = this.now();
    if (this.curve?.pollId !== pollId) this.curve = { pollId, of: new PollCurve(now) };
    const rise = this.curve.of.add(now, share, QUIET_POLL_RATE) / USUAL_SURGE;
    return Math.min(2 ** Math.floor(Math.log2(Math.max(1, rise))), MAX_SURGE_FACTOR);
  }
}
