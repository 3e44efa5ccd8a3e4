import { describe } from '@jest/globals';

import { EventStoreDbDouble } from './double.ts';

/** A real server, with credentials if it wants them. Contracts and specs of the adapter do not mind what is in it. */
const realServer = process.env['EVENTSTORE_URL'];

/** `npm run test:contract` counts the specs by this word in their names. */
export const WHERE = realServer === undefined ? '[double]' : '[real server]';

/** Specs for any server: the real one where `EVENTSTORE_URL` names one, else the double. */
export const describeOnServer = (name: string, suite: () => void): void => describe(`${name} ${WHERE}`, suite);

/**
 * Specs that a real server cannot meet.
 * @param why what they need that only the double has
 */
export function describeOnDouble(name: string, why: string, suite: () => void): void {
  if (realServer === undefined) describe(name, suite);
  else describe.skip(`${name} [double only: ${why}]`, suite);
}

/** A server to connect to. */
export interface ServerUnderTest {
  readonly connectionString: string;
  stop(): void;
}

/** The real server, or a double that lives until it is stopped. */
export async function serverUnderTest(): Promise<ServerUnderTest> {
  if (realServer === undefined) return EventStoreDbDouble.start();
  return { connectionString: realServer, stop: () => {} };
}
