import { setTimeout as delay } from 'node:timers/promises';

import type { HttpPool } from '../lib/http-pool.ts';
import { type AcknowledgedVote, Voter, addressOf } from '../lib/voter.ts';
import { Electorate, type ElectorateOptions, type Visit, linkOf } from './electorate.ts';

/** A page takes its challenge this long before the voter taps, ms. */
const PREPARATION_MS = 2000;

/** Voters who have the page open already: their challenges are solved when they tap, and connections are kept. */
export class KeptVoters extends Electorate {
  private readonly voter: Voter;

  constructor(pool: HttpPool, options: ElectorateOptions, onAcknowledged?: (vote: AcknowledgedVote) => void) {
    super(options, PREPARATION_MS, onAcknowledged);
    this.voter = new Voter(pool, { ...linkOf(options), onRefusal: (refusal) => this.refused(refusal) });
  }

  protected override async visit({ at, number }: Visit): Promise<void> {
    const address = addressOf(number % this.options.addresses);
    const preparing = this.voter.challenge(address);
    preparing.catch(() => undefined);
    await delay(at - performance.now());
    this.lateness.record(performance.now() - at);
    this.sent++;
    const challenge = await preparing;
    this.inFlight++;
    await this.cast(this.voter, challenge, address, at).finally(() => this.inFlight--);
  }
}
