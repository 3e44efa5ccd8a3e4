import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';

import { Authenticator, principalOf } from '#auth';
import { RehearsalKeys } from '#contract/views';
import { DomainError, type OpenedPoll, isBoxPublic } from '#domain';
import { ProblemError } from '#platform';
import type { PollTally } from '#read-model';

import { PublicPolls } from '../results/public-polls.ts';
import { Tallies } from '../tallies.ts';

/** Which poll is asked for, and the key in the link of a rehearsal. */
export interface AskedUrna {
  readonly paredao: string;
  readonly chave?: string | undefined;
}

/** A poll whose ballot box may be read, and whether everybody may: then caches may keep the answer. */
export interface Admitted {
  readonly tally: PollTally;
  readonly isPublic: boolean;
}

/** Who may read the ballot boxes, and when. */
@Injectable()
export class UrnaAccess {
  constructor(
    private readonly tallies: Tallies,
    private readonly polls: PublicPolls,
    private readonly rehearsals: RehearsalKeys,
    private readonly authenticator: Authenticator,
  ) {}

  /**
   * Admits everybody to a box that is public, and auditors to every other. It is decided from memory, and refused without
   * a look at what is asked for: a poll that is not public is answered like one that there is not, and so is a real one that is asked for with a key.
   * @throws ProblemError `urna-not-found`, and what a login is refused with; ReadModelUnavailableError
   */
  async admit(request: FastifyRequest, { paredao, chave }: AskedUrna): Promise<Admitted> {
    const tally = this.find(paredao, chave);
    // with a key it is for whoever has it
    if (tally !== undefined && this.isPublic(tally.snapshot.poll, chave))
      return { tally, isPublic: chave === undefined };
    if (request.headers.authorization !== undefined) {
      await principalOf(request, ['auditor'], this.authenticator);
      if (tally !== undefined) return { tally, isPublic: false };
    }
    this.tallies.assertFresh();
    throw new ProblemError('urna-not-found');
  }

  /**
   * Admits whoever may see the poll at all: what its box said before the first vote is no count.
   * @throws DomainError `poll-not-found`, and what a login is refused with; ReadModelUnavailableError
   */
  async admitToOpening(request: FastifyRequest, { paredao, chave }: AskedUrna): Promise<Admitted> {
    const tally = this.find(paredao, chave);
    if (tally === undefined && chave !== undefined) {
      this.tallies.assertFresh();
      throw new DomainError('poll-not-found', `there is no poll "${paredao}"`);
    }
    const isReal = tally !== undefined && tally.snapshot.poll.rehearsal === undefined;
    if (!isReal && chave === undefined && request.headers.authorization !== undefined) {
      await principalOf(request, ['auditor'], this.authenticator);
      if (tally !== undefined) return { tally, isPublic: false };
    }
    return { tally: this.polls.get(paredao, chave), isPublic: chave === undefined };
  }

  /** A real poll has no key: with whatever stands there caches would be passed by, and the work made again for each request. */
  private find(paredao: string, chave: string | undefined): PollTally | undefined {
    const tally = this.tallies.find(paredao);
    return chave !== undefined && tally?.snapshot.poll.rehearsal === undefined ? undefined : tally;
  }

  private isPublic(poll: OpenedPoll, key: string | undefined): boolean {
    if (!isBoxPublic(poll, Date.now())) return false;
    return poll.rehearsal === undefined || (key !== undefined && this.rehearsals.admits(poll, key));
  }
}
