import type { FastifyReply } from 'fastify';
import type { ServerResponse } from 'node:http';

import type { StreamLimit } from './stream-limit.ts';

/** A reader with this many bytes unsent is too slow: it is dropped and may come back. */
const MAX_UNSENT_BYTES = 65_536;
const HEADERS = {
  'content-type': 'text/event-stream; charset=utf-8',
  'cache-control': 'no-store',
  'x-accel-buffering': 'no',
};

/**
 * One server-sent event now and then to everyone who follows a topic. The frame is made once for all; nobody who follows,
 * no work. (Server-sent events: WHATWG HTML, 9.2.)
 */
export class Broadcast {
  private readonly clients = new Set<ServerResponse>();
  private timer: NodeJS.Timeout | undefined;

  /**
   * @param data makes the JSON of a frame; undefined sends nothing this time
   * @param intervalMs from one frame to the next
   */
  constructor(
    private readonly event: string,
    private readonly data: () => string | undefined,
    private readonly streams: StreamLimit,
    private readonly intervalMs = 1000,
  ) {}

  get size(): number {
    return this.clients.size;
  }

  /**
   * Takes over a reply and keeps it open until the client leaves. The first frame goes out at once. HEAD gets no stream.
   * @param first JSON of the first frame
   * @throws ProblemError `too-many-streams`
   */
  join(reply: FastifyReply, first = this.data()): void {
    if (reply.request.method === 'HEAD') return void reply.headers(HEADERS).send();
    const giveBack = this.streams.take(reply.request);
    const frame = this.frame(first);
    const response = reply.hijack().raw;
    // gone while its password was checked: it would never close again, and keep its place
    if (response.destroyed) {
      giveBack();
      return;
    }
    this.clients.add(response);
    response.once('close', () => {
      giveBack();
      this.leave(response);
    });
    // not in chunks: every socket is then given the same bytes, and the stream ends with its connection
    response.removeHeader('transfer-encoding');
    response.writeHead(200, { ...HEADERS, ...reply.getHeaders() } as Record<string, string>);
    response.write(`retry: 3000\n\n${frame}`);
    this.timer ??= setInterval(() => {
      this.send(this.frame());
    }, this.intervalMs);
  }

  /** Ends every stream; clients reconnect elsewhere. */
  end(): void {
    for (const client of this.clients) client.end();
    clearInterval(this.timer);
  }

  private leave(response: ServerResponse): void {
    this.clients.delete(response);
    if (this.clients.size > 0) return;
    clearInterval(this.timer);
    this.timer = undefined;
  }

  private frame(data = this.data()): string {
    return data === undefined ? ': nada ainda\n\n' : `event: ${this.event}\ndata: ${data}\n\n`;
  }

  private send(text: string): void {
    const frame = Buffer.from(text);
    for (const client of this.clients) {
      if (client.writableLength > MAX_UNSENT_BYTES) client.destroy();
      else client.socket?.write(frame);
    }
  }
}
