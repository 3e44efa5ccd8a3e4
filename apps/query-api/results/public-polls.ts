import { Injectable } from '@nestjs/common';

import { RehearsalKeys } from '#contract/views';
import { DomainError, type Poll } from '#domain';
import { type PollTally, type TallyOf, isOpened } from '#read-model';

import { Tallies } from '../tallies.ts';

/** The polls as the public may see them: a rehearsal is not there for whoever has not its key. */
@Injectable()
export class PublicPolls {
  constructor(
    private readonly tallies: Tallies,
    private readonly keys: RehearsalKeys,
  ) {}

  /**
   * The tally of a poll, or of the real one that was opened last.
   * @throws DomainError `poll-not-found`, ReadModelUnavailableError
   */
  get(id?: string, key?: string): PollTally {
    const tally = this.tallies.get(id);
    this.assertAdmitted(tally.snapshot.poll, key);
    return tally;
  }

  /**
   * What voters shall see: the poll that is named, a rehearsal also before it opens; else the one that is on air or comes next.
   * @throws as `get` does
   */
  shown(id?: string, key?: string): TallyOf<Poll> {
    if (id === undefined) return this.tallies.currentOrNext();
    const tally = this.tallies.prepared(id);
    const { poll } = tally.snapshot;
    const isShown = isOpened(tally) || (poll.rehearsal === true && typeof poll.schedule?.opensAt === 'string');
    if (!isShown) throw notFound(id);
    this.assertAdmitted(poll, key);
    return tally;
  }

  private assertAdmitted(poll: Poll, key: string | undefined): void {
    if (!this.keys.admits(poll, key)) throw notFound(poll.id);
  }
}

const notFound = (id: string): DomainError => new DomainError('poll-not-found', `there is no poll "${id}"`);
