import { type BeforeApplicationShutdown, Injectable } from '@nestjs/common';
import { InjectMetric, makeGaugeProvider } from '@willsoto/nestjs-prometheus';
import type { FastifyReply } from 'fastify';
import type { Gauge } from 'prom-client';

import { Environment, ProblemError, collectFrom } from '#platform';

import { Broadcast } from './broadcast.ts';
import { StreamLimit } from './stream-limit.ts';

type View = () => object | undefined;

/** How a topic is shown other than usual. */
export interface LiveOptions {
  /** Makes the first frame of somebody who joins. */
  readonly first?: View;
  /** From one frame to the next, ms; a second without this. */
  readonly intervalMs?: number;
}

/** The live streams of this process by topic; a topic exists while somebody follows it. */
@Injectable()
export class LiveTopics implements BeforeApplicationShutdown {
  private readonly topics = new Map<string, Broadcast>();
  private readonly streams: StreamLimit;
  private ended = false;

  constructor(environment: Environment, @InjectMetric('sse_clients') clients: Gauge) {
    this.streams = new StreamLimit(environment.streamLimit);
    collectFrom(clients, () => [[{}, this.streams.taken]]);
  }

  /**
   * Joins a reply to a topic.
   * @param view makes what the topic shows; undefined while there is nothing to show
   * @throws ProblemError `too-many-streams`, or `shutting-down` to a client whose password was checked meanwhile
   */
  follow(event: string, topic: string, reply: FastifyReply, view: View, options: LiveOptions = {}): void {
    const { first = view, intervalMs } = options;
    if (this.ended) throw new ProblemError('shutting-down');
    this.dropEmpty();
    const key = `${event} ${topic}`;
    let broadcast = this.topics.get(key);
    if (broadcast === undefined) {
      broadcast = new Broadcast(event, () => serialise(view()), this.streams, intervalMs);
      this.topics.set(key, broadcast);
    }
    broadcast.join(reply, serialise(first()));
  }

  beforeApplicationShutdown(): void {
    this.ended = true;
    for (const topic of this.topics.values()) topic.end();
  }

  private dropEmpty(): void {
    for (const [key, topic] of this.topics) if (topic.size === 0) this.topics.delete(key);
  }
}

const serialise = (view: object | undefined): string | undefined =>
  view === undefined ? undefined : JSON.stringify(view);

export const liveMetrics = [makeGaugeProvider({ name: 'sse_clients', help: 'Clients that follow a live stream' })];
