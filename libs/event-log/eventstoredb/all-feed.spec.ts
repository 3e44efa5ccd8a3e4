import { expect, it } from '@jest/globals';
import { Transform } from 'node:stream';

import { AllFeed, SilentFeedError } from './all-feed.ts';
import type { Connection } from './connection.ts';

/** The client's subscription when the conversion of a message fails: the error is lost, and so is the message. */
class LossySubscription extends Transform {
  constructor() {
    super({ objectMode: true, transform: () => {} });
    this.write({});
  }

  unsubscribe(): Promise<void> {
    return Promise.resolve();
  }
}

it('a subscription that is stuck in a message is given up like a silent one', async () => {
  const client = { subscribeToAll: () => new LossySubscription() };
  const feed = new AllFeed({ client } as unknown as Connection, { commit: 1n, prepare: 1n }, ['votes-']);
  const pages = feed.pages(new AbortController().signal, 100);
  await expect(pages.next()).rejects.toBeInstanceOf(SilentFeedError);
});
