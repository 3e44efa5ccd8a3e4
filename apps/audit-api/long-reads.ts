import { type BeforeApplicationShutdown, Injectable } from '@nestjs/common';
import type { FastifyReply } from 'fastify';

import { type ProblemCode, ProblemError } from '#platform';

/** Whoever asked is gone, or the process ends. Nobody is told. */
export class AbandonedError extends Error {
  override readonly name = 'AbandonedError';
  readonly code = 'shutting-down' satisfies ProblemCode;
}

/** Reads of a whole poll: one at a time, and each ends with the client that asked for it. */
@Injectable()
export class LongReads implements BeforeApplicationShutdown {
  private present: AbortController | undefined;

  /**
   * Takes the one place, until the reply is sent or its client has left.
   * @returns what says that the read is to end
   * @throws ProblemError `audit-running`
   */
  begin(reply: FastifyReply): AbortSignal {
    if (this.present !== undefined) throw new ProblemError('audit-running');
    const read = new AbortController();
    this.present = read;
    const end = (): void => {
      read.abort(new AbandonedError());
      if (this.present === read) this.present = undefined;
    };
    // a connection that is gone already closes no more
    if (reply.raw.destroyed) end();
    else reply.raw.once('close', end);
    return read.signal;
  }

  beforeApplicationShutdown(): void {
    this.present?.abort(new AbandonedError());
  }
}
