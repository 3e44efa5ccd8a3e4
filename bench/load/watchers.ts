import { type IncomingMessage, get } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';

import type { Api } from '../lib/api.ts';
import { Histogram } from '../lib/histogram.ts';
import { withLink } from '../lib/poll-link.ts';

/** Pages that poll `/resultado`, and how often each does, ms. */
const POLLERS = 20;
const POLL_INTERVAL_MS = 3000;
const TOTAL_INTERVAL_MS = 1000;
/** Votes that are followed until the public result includes them, a second at most. */
const PROBES_PER_SECOND = 20;
const PROBE_LIMIT_MS = 30_000;

/** Everybody who looks on while others vote: pages that poll, one live stream, the production's panel, and a stop-watch. */
export class Watchers {
  /** From the acknowledgement of a vote until `/resultado` includes it. */
  readonly lag = new Histogram();
  /** What `/total` says of itself as `atraso_projecao_segundos`. */
  readonly reportedLag = new Histogram();
  /** Answers of `/resultado` without a cursor. */
  readonly results = new Histogram();
  readonly frameGaps = new Histogram();
  /** What went wrong, first of each kind → how often. */
  readonly errors = new Map<string, number>();

  private readonly stopped = new AbortController();
  private readonly work: Promise<void>[] = [];
  private lastProbe = 0;

  constructor(
    private readonly api: Api,
    private readonly url: URL,
    private readonly pollId: string,
  ) {}

  start(): void {
    for (let poller = 0; poller < POLLERS; poller++) this.work.push(this.poll((poller * POLL_INTERVAL_MS) / POLLERS));
    this.work.push(this.watchTotal(), this.follow());
  }

  async stop(): Promise<void> {
    this.stopped.abort();
    await Promise.all(this.work);
  }

  /** Maybe follows an acknowledged vote until the result includes it. */
  probe(position: string): void {
    const now = performance.now();
    if (now - this.lastProbe < 1000 / PROBES_PER_SECOND) return;
    this.lastProbe = now;
    this.work.push(this.guard(() => this.untilIncluded(position, now)));
  }

  private async untilIncluded(position: string, acknowledged: number): Promise<void> {
    while (!(await this.api.result(position))) {
      if (performance.now() - acknowledged > PROBE_LIMIT_MS)
        throw new Error('a vote did not get into the result in 30 s');
    }
    this.lag.record(performance.now() - acknowledged);
  }

  private async poll(offset: number): Promise<void> {
    await this.pause(offset);
    while (!this.stopped.signal.aborted) {
      await this.guard(async () => {
        const started = performance.now();
        await this.api.result();
        this.results.record(performance.now() - started);
      });
      await this.pause(POLL_INTERVAL_MS);
    }
  }

  private async watchTotal(): Promise<void> {
    while (!this.stopped.signal.aborted) {
      await this.guard(async () => {
        const { atraso_projecao_segundos: seconds } = await this.api.total(this.pollId);
        this.reportedLag.record(seconds * 1000);
      });
      await this.pause(TOTAL_INTERVAL_MS);
    }
  }

  /** Reads the live stream as one page does. */
  private async follow(): Promise<void> {
    await this.guard(async () => {
      const { signal } = this.stopped;
      const stream = await new Promise<IncomingMessage>((resolve, reject) => {
        get(new URL(withLink('/resultado/aovivo', this.api.link), this.url), { signal }, resolve).on('error', reject);
      });
      if (stream.statusCode !== 200) throw new Error(`the live stream was answered with ${String(stream.statusCode)}`);
      let last = performance.now();
      for await (const chunk of stream as AsyncIterable<Buffer>) {
        if (!chunk.includes('event: resultado')) continue;
        this.frameGaps.record(performance.now() - last);
        last = performance.now();
      }
      throw new Error('the live stream ended');
    });
  }

  private async guard(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (this.stopped.signal.aborted) return;
      const message = error instanceof Error ? error.message : String(error);
      this.errors.set(message, (this.errors.get(message) ?? 0) + 1);
    }
  }

  private pause(milliseconds: number): Promise<void> {
    return delay(milliseconds, undefined, { signal: this.stopped.signal }).catch(() => undefined);
  }
}
