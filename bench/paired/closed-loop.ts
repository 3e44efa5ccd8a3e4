import { Histogram } from '../lib/histogram.ts';
import { HttpConnection } from '../lib/http-connection.ts';

export interface ClosedLoopOptions {
  readonly url: URL;
  /** The next request; undefined ends the run before its time. */
  readonly next: () => Buffer | undefined;
  readonly connections: number;
  readonly milliseconds: number;
}

export interface ClosedLoopResult {
  readonly answered: number;
  /** Answers other than 2xx, and lost connections. */
  readonly failed: number;
  /** From the first request to the last answer. */
  readonly seconds: number;
  readonly latency: Histogram;
}

/**
 * Sends as fast as the answers come: each connection sends its next request when it has the answer to the last. This
 * finds out how much a server can do; how long voters wait at a given rate is for an open loop to say.
 */
export async function closedLoop({
  url,
  next,
  connections,
  milliseconds,
}: ClosedLoopOptions): Promise<ClosedLoopResult> {
  const latency = new Histogram();
  let failed = 0;
  const started = performance.now();
  const end = started + milliseconds;

  const runOne = (connection: HttpConnection, finished: () => void): void => {
    const sent = performance.now();
    const request = sent < end ? next() : undefined;
    if (request === undefined) {
      connection.close();
      finished();
      return;
    }
    connection.send(request, (error, { status }) => {
      latency.record(performance.now() - sent);
      if (error !== undefined || status >= 300) failed++;
      runOne(connection.isOpen ? connection : connect(url), finished);
    });
  };

  await Promise.all(
    Array.from(
      { length: connections },
      () =>
        new Promise<void>((finished) => {
          runOne(connect(url), finished);
        }),
    ),
  );
  return { answered: latency.count, failed, seconds: (performance.now() - started) / 1000, latency };
}

const connect = (url: URL): HttpConnection => new HttpConnection(url.hostname, Number(url.port));
