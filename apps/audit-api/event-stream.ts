import type { FastifyReply } from 'fastify';
import type { PinoLogger } from 'nestjs-pino';

import type { ReconciliationProgress } from '#contract';
import { problemFor } from '#platform';

import { AbandonedError } from './long-reads.ts';

const PROGRESS_INTERVAL_MS = 250;

export const EVENT_STREAM = { 'content-type': 'text/event-stream; charset=utf-8', 'x-accel-buffering': 'no' };

/** Told of what was read so far: events, and the share of all. */
export type OnProgress = (events: number, fraction: number) => void;

/**
 * Sends what comes of a long read as server-sent events: `progresso` four times a second, and at last the result under its name,
 * or `problema`.
 */
export async function streamLongRead(
  reply: FastifyReply,
  logger: PinoLogger,
  name: string,
  read: (onProgress: OnProgress) => Promise<object>,
): Promise<void> {
  const response = reply.header('cache-control', 'no-store').hijack().raw;
  response.writeHead(200, { ...EVENT_STREAM, ...reply.getHeaders() } as Record<string, string>);
  const send = (event: string, data: object): void => {
    response.write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
  };
  let sentAt = -Infinity;
  try {
    const result = await read((eventos, fracao) => {
      if (performance.now() - sentAt < PROGRESS_INTERVAL_MS) return;
      sentAt = performance.now();
      send('progresso', { eventos, fracao } satisfies ReconciliationProgress);
    });
    send(name, result);
  } catch (error) {
    if (!(error instanceof AbandonedError)) logger.error({ err: error }, `no ${name}: the read failed`);
    send('problema', problemFor(error));
  } finally {
    response.end();
  }
}
