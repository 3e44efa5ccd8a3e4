import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';

import { Environment } from '#platform';

import { PublicPolls } from '../results/public-polls.ts';
import { type SharedPage, shareHead } from './share-head.ts';
import { type ShareView, shareView } from './share-view.ts';

/** The polls as links to them show them: no rehearsal among them. */
@Injectable()
export class SharedPolls {
  constructor(
    private readonly polls: PublicPolls,
    private readonly environment: Environment,
  ) {}

  /**
   * The poll that is named, or the one that voters shall see.
   * @throws DomainError `poll-not-found`, ReadModelUnavailableError
   */
  view(pollId?: string): ShareView {
    return shareView(this.polls.shown(pollId));
  }

  /**
   * The `meta` elements of a page, of the poll that the request names; never throws.
   * @param page one of `SHARED_PAGES`
   */
  head(page: string, { protocol, host, query }: Pick<FastifyRequest, 'protocol' | 'host' | 'query'>): string {
    const { paredao: pollId } = query as { readonly paredao?: unknown };
    const origin = this.environment.publicOrigin ?? `${protocol}://${host}`;
    return shareHead(origin, page as SharedPage, this.optionalView(typeof pollId === 'string' ? pollId : undefined));
  }

  private optionalView(pollId: string | undefined): ShareView | undefined {
    try {
      return this.view(pollId);
    } catch {
      return undefined;
    }
  }
}
