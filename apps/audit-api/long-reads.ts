import { type BeforeApplicationShutdown, Injectable } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import type { ServerResponse } from 'node:http';

import type { ProblemCode } from '#contract';
import { ProblemError } from '#platform';

/** How often a transfer is looked at, and the least that its client takes meanwhile: 64 KB/s, as a bad line has. */
const LOOK_INTERVAL_MS = 10_000;
const LEAST_BYTES = 640_000;

/** The client is gone, or the process ends. No answer is sent. */
export class AbandonedError extends Error {
  override readonly name = 'AbandonedError';
  readonly code = 'shutting-down' satisfies ProblemCode;
}

/** Reads of a whole poll: one at a time, and each ends with the client that asked for it, or that does not take it. */
@Injectable()
export class LongReads implements BeforeApplicationShutdown {
  private present: AbortController | undefined;

  /**
   * Takes the one place, until the reply is sent, or its client has left or takes less than 64 KB/s of what waits for it.
   * @returns what says that the read is to end
   * @throws ProblemError `audit-running`
   */
  begin(reply: FastifyReply): AbortSignal {
    if (this.present !== undefined) throw new ProblemError('audit-running');
    const read = new AbortController();
    this.present = read;
    const stopWatching = endWhenStalled(reply.raw);
    const end = (): void => {
      stopWatching();
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

/** Hangs up on a client that lets an answer wait. One that waits for us is not late. @returns what ends the watch */
function endWhenStalled(response: ServerResponse): () => void {
  let taken = 0;
  const timer = setInterval(() => {
    const { bytesWritten = 0, writableLength = 0 } = response.socket ?? {};
    const before = taken;
    taken = bytesWritten - writableLength;
    if (writableLength > 0 && taken - before < LEAST_BYTES) response.destroy();
  }, LOOK_INTERVAL_MS).unref();
  return () => {
    clearInterval(timer);
  };
}
