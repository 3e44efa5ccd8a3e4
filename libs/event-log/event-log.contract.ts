import { afterEach, beforeEach, describe } from '@jest/globals';

import type { EventLog } from './event-log.ts';
import { describeAppending } from './testing/appending.ts';
import { describeClosing } from './testing/closing.ts';
import { describeConcurrency } from './testing/concurrency.ts';
import type { EventLogHarness, Fixture } from './testing/fixture.ts';
import { describeReading } from './testing/reading.ts';
import { describeReadingAll } from './testing/reading-all.ts';
import { describeFollowing } from './testing/subscribing.ts';
import { describeSubscriptionStates } from './testing/subscription-states.ts';

export type { EventLogHarness } from './testing/fixture.ts';

/**
 * What every adapter of the port promises, in one suite. The store may hold anything beforehand: tests use names of
 * their own, compare positions only with each other, and never look at the whole log.
 */
export function describeEventLogContract(name: string, harness: EventLogHarness): void {
  describe(`the event log on ${name}`, () => {
    let log: EventLog;
    let reader: EventLog;

    const reopen = async (): Promise<EventLog> => {
      await log.close();
      return (log = await harness.open());
    };
    const fixture = (): Fixture => ({ log, reader, reopen, capabilities: harness.capabilities });

    beforeEach(async () => {
      log = await harness.open();
      reader = await harness.openReader();
    });
    afterEach(async () => {
      await reader.close();
      await log.close();
    });

    describeAppending(fixture);
    describeReading(fixture);
    describeReadingAll(fixture);
    // in the writer's own process, and in another one
    describe.each(['log', 'reader'] as const)('a subscription through the %s', (client) => {
      const through = (): Fixture => ({ ...fixture(), reader: fixture()[client] });
      describeFollowing(through);
      describeSubscriptionStates(through);
    });
    describeConcurrency(fixture);
    describeClosing(fixture);
  });
}
