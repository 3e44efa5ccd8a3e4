import { EventStoreDBClient } from '@eventstore/db-client';

import { withinLimit } from '#async';

import { noAnswer } from './limits.ts';

/** Discovery may still run when a connection is closed; its result is not needed. */
const CLOSE_LIMIT_MS = 1000;

/** A client and its channel. The client has no way to close the channel; this has. */
export class Connection {
  private hasChannel = false;

  private constructor(readonly client: EventStoreDBClient) {}

  /**
   * Nothing is connected yet: the client does that with its first call.
   * @throws TypeError for a connection string that does not serve; it may hold a password, so the text is not repeated
   */
  static create(connectionString: string): Connection {
    if (/throwonappendfailure=false/i.test(connectionString.replaceAll(/[_-]/g, ''))) {
      throw new TypeError('throwOnAppendFailure must stay on: without it the client reports wrong revisions');
    }
    let client: EventStoreDBClient;
    try {
      client = EventStoreDBClient.connectionString(connectionString);
    } catch {
      throw new TypeError('not an EventStoreDB connection string (esdb://… or esdb+discover://…)');
    }
    return new Connection(client);
  }

  /** To be called when the server answered. */
  reached(): void {
    this.hasChannel = true;
  }

  /** Ends what is under way on this client. It must not be used any more. */
  async dispose(): Promise<void> {
    await withinLimit(this.client.dispose(), CLOSE_LIMIT_MS, noAnswer('dispose')).catch(() => {});
  }

  /** The same, and closes the connection to the server. */
  async close(): Promise<void> {
    await this.dispose();
    // without one, to ask for the channel would open it, and first discover the cluster
    if (!this.hasChannel) return;
    const { getChannel } = this.client as unknown as { getChannel: () => Promise<{ close: () => void }> };
    await withinLimit(getChannel(), CLOSE_LIMIT_MS, noAnswer('close')).then(
      (channel) => channel.close(),
      () => {},
    );
  }
}
