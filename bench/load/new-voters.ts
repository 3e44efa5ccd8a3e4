import { Histogram } from '../lib/histogram.ts';
import { HttpPool } from '../lib/http-pool.ts';
import { type AcknowledgedVote, type RefusedError, Voter, addressOf } from '../lib/voter.ts';
import { Electorate, type ElectorateOptions, type Visit, linkOf } from './electorate.ts';
import type { PageVisit } from './page-visit.ts';

/**
 * Voters as prime time brings them: each comes on a connection of its own, takes a challenge, votes, and leaves. With a
 * page, each loads that first, as a browser does.
 */
export class NewVoters extends Electorate {
  /** From when a voter meant to come until the first answer of any kind, the connection included. */
  readonly firstAnswer = new Histogram();
  /** Until all that the page shows has come. */
  readonly pageShown = new Histogram();
  /** Connections that were opened. */
  connects = 0;
  /** Why connections were lost before their answer → how often. */
  readonly losses = new Map<string, number>();
  /** Answers 503 that said when to come back, and those that did not. */
  readonly busy = { withRetryAfter: 0, without: 0 };

  constructor(
    private readonly url: URL,
    options: ElectorateOptions,
    private readonly page?: PageVisit,
    onAcknowledged?: (vote: AcknowledgedVote) => void,
  ) {
    super(options, 0, onAcknowledged);
  }

  protected override async visit({ at, number }: Visit): Promise<void> {
    this.lateness.record(performance.now() - at);
    this.sent++;
    this.inFlight++;
    const pool = new HttpPool(this.url, 1, {
      onConnect: () => this.connects++,
      onLoss: (reason) => this.losses.set(reason, (this.losses.get(reason) ?? 0) + 1),
    });
    try {
      await this.comeAndVote(pool, at, addressOf(number % this.options.addresses));
    } finally {
      this.inFlight--;
      pool.close();
    }
  }

  private async comeAndVote(pool: HttpPool, at: number, address: string): Promise<void> {
    let answered = false;
    const firstAnswer = (): void => {
      if (!answered) this.firstAnswer.record(performance.now() - at);
      answered = true;
    };
    const onRefusal = (refusal: RefusedError): void => {
      if (refusal.status !== 0) firstAnswer();
      if (refusal.status === 503) this.busy[refusal.saidWhen ? 'withRetryAfter' : 'without']++;
      this.refused(refusal);
    };
    const voter = new Voter(pool, { ...linkOf(this.options), onRefusal });
    await this.page?.load(pool, voter, address, firstAnswer);
    if (this.page !== undefined) this.pageShown.record(performance.now() - at);
    const challenge = await voter.challenge(address);
    firstAnswer();
    await this.cast(voter, challenge, address, at);
    await this.page?.watch(address);
  }
}
