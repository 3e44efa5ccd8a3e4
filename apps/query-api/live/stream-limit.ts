import type { FastifyRequest } from 'fastify';

import { ProblemError, clientOf } from '#platform';

/** A tenth of the places, and no more than this, are kept for the staff: the public cannot take production's view. */
const STAFF_SHARE = 0.1;
const MAX_STAFF_PLACES = 100;
/** Of the public at one address, as at nginx: thousands may share one, and beyond this they poll. */
const MAX_OF_CLIENT = 200;

/** The places for clients of all live streams of a process. */
export class StreamLimit {
  taken = 0;
  private readonly ofClient = new Map<string, number>();
  private readonly publicPlaces: number;

  constructor(private readonly limit: number) {
    this.publicPlaces = limit - Math.min(Math.ceil(limit * STAFF_SHARE), MAX_STAFF_PLACES);
  }

  /**
   * Takes a place for whoever asks.
   * @returns gives it back
   * @throws ProblemError `too-many-streams`
   */
  take(request: Pick<FastifyRequest, 'ip' | 'principal'>): () => void {
    const client = request.principal === undefined ? clientOf(request) : undefined;
    const others = client === undefined ? 0 : (this.ofClient.get(client) ?? 0);
    const places = client === undefined ? this.limit : this.publicPlaces;
    if (this.taken >= places || others >= MAX_OF_CLIENT) throw new ProblemError('too-many-streams');
    this.count(client, 1);
    return () => {
      this.count(client, -1);
    };
  }

  private count(client: string | undefined, one: 1 | -1): void {
    this.taken += one;
    if (client === undefined) return;
    const now = (this.ofClient.get(client) ?? 0) + one;
    if (now === 0) this.ofClient.delete(client);
    else this.ofClient.set(client, now);
  }
}
