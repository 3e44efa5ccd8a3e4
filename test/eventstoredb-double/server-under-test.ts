import { describe, it } from '@jest/globals';

import { EventStoreDbDouble } from './double.ts';

/** A real server, with credentials if it wants them. Contracts and specs of the adapter do not mind what is in it. */
export const realServer = process.env['EVENTSTORE_URL'];

/** The runs of the specs count by this word in their names how many met a real server. */
export const WHERE = realServer === undefined ? '[double]' : '[real server]';

/** Specs for any server: the real one where `EVENTSTORE_URL` names one, else the double. */
export const describeOnServer = (name: string, suite: () => void, run: Describe = describe): void =>
  run(`${name} ${WHERE}`, suite);

/**
 * Specs that a real server cannot meet.
 * @param why what they need that only the double has
 */
export function describeOnDouble(name: string, why: string, suite: () => void, run: Describe = describe): void {
  if (realServer === undefined) run(name, suite);
  else describe.skip(named(name, why), suite);
}

/** One such spec, among those for any server. */
export function itOnDouble(name: string, why: string, spec: () => Promise<void>, limitMs?: number): void {
  if (realServer === undefined) it(name, spec, limitMs);
  else it.skip(named(name, why), spec);
}

/** `describe`, or one that looks first whether everything is there that it needs. */
type Describe = (name: string, suite: () => void) => void;

const named = (name: string, why: string): string => `${name} [double only: ${why}]`;

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
