import { DecayingSketch } from './decaying-sketch.ts';
import { PollCurve } from './poll-curve.ts';

/** Where a request comes from, as far as limits tell clients apart. */
export interface Visitor {
  /** One household or one shared address: an IPv4 address or an IPv6 /64. */
  readonly client: string;
  /** Its neighbourhood: an IPv4 /24 or an IPv6 /48. */
  readonly network: string;
}

/** What the next challenge of a visitor costs. */
export interface Price {
  /** Multiple of the base difficulty, from 1. */
  readonly factor: number;
  /** Machines vote like this more often than people do. */
  readonly suspicious: boolean;
}

const MINUTE_MS = 60_000;

/** Challenges a minute that a client gets at the base price: a person who votes every three seconds, and a little. */
const CLIENT_ALLOWANCE = 22;
/** Further ones a minute that double the price. It must be steep: a core is thousands of times faster than a finger. */
const CLIENT_DOUBLING = 0.75;

/** Challenges a minute that a network gets; beyond, the price grows with the square of the excess. */
const NETWORK_ALLOWANCE = 1200;
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

const SUSPICIOUS_FACTOR = 8;

/**
 * Prices challenges by demand. It counts challenges as they are handed out, not votes: who hoards them pays for it. All
 * counts fade within a minute, live in fixed memory, and are of this process alone: it shares nothing with the others.
 */
export class Demand {
  private readonly clients: DecayingSketch;
  private readonly networks: DecayingSketch;
  private curve: { readonly pollId: string; readonly of: PollCurve } | undefined;

  /**
   * @param instances processes among which the challenges are spread evenly; each sees its share of a client
   * @param now monotonic clock, ms
   */
  constructor(
    private readonly instances = 1,
    private readonly now: () => number = () => performance.now(),
  ) {
    this.clients = new DecayingSketch(MINUTE_MS, now);
    this.networks = new DecayingSketch(MINUTE_MS, now);
  }

  /** Counts a challenge for a visitor. @returns what it costs */
  add(pollId: string, { client, network }: Visitor): Price {
    const excess = Math.max(0, this.instances * this.clients.add(client) - CLIENT_ALLOWANCE);
    const crowding = Math.max(1, (this.instances * this.networks.add(network)) / NETWORK_ALLOWANCE);
    const own = 2 ** (excess / CLIENT_DOUBLING) * Math.min(crowding ** 2, MAX_NETWORK_FACTOR);
    return { factor: Math.min(own * this.surge(pollId), MAX_FACTOR), suspicious: own >= SUSPICIOUS_FACTOR };
  }

  private surge(pollId: string): number {
    const now = this.now();
    if (this.curve?.pollId !== pollId) this.curve = { pollId, of: new PollCurve(now) };
    const rise = this.curve.of.add(now, QUIET_POLL_RATE) / USUAL_SURGE;
    return Math.min(Math.max(1, rise), MAX_SURGE_FACTOR);
  }
}
