import { createHash } from 'node:crypto';

import {
  type BallotBoxOpened,
  type EventContent,
  FIRST_BOX,
  type PollEventOf,
  type RecordedEvent,
  encodeBallotBoxOpened,
} from '#domain';

import { type Acts, actsUpTo } from './acts.ts';
import { logName, originOf } from './names.ts';

/** What a deployment says of itself when it opens a box: how it is called, and the base price of a human check. */
export interface Opener {
  readonly host: string;
  readonly difficulty: number;
}

/** What the first event of a box says because the poll's own stream says it. */
export type BoxFacts = Omit<BallotBoxOpened, 'difficulty' | 'origin' | 'keys'>;

/**
 * What the ballot box of a poll has to say of it.
 * @param decisions the poll's own stream from its beginning
 * @returns undefined for a poll that was not opened, or by an earlier version: then no event opens its box
 */
export function boxFactsIn(decisions: Iterable<RecordedEvent>): BoxFacts | undefined {
  const opened = actsUpTo('PollOpened', decisions);
  return opened?.decision.ballotBoxes === undefined ? undefined : factsOf(opened.decision, opened.acts);
}

function factsOf(opened: PollEventOf<'PollOpened'>, acts: Acts): BoxFacts {
  const { pollId, title, participants, openedAt, purpose, rules, policy, rehearsal, evidenceKeyHash } = opened;
  return {
    // a version that says how many boxes there are says this as well
    ...{ pollId, box: FIRST_BOX, title, participants, openedAt, evidenceKeyHash: evidenceKeyHash!, acts },
    ...(purpose !== undefined && { purpose }),
    ...(rules !== undefined && { rules }),
    ...(policy !== undefined && { policy }),
    ...(rehearsal !== undefined && { rehearsal }),
  };
}

/**
 * The first event of the ballot box of a poll, with an id: the same bytes whoever makes it with the same keys.
 * @param keys of the poll's logs, as a note that the deployment's key signed
 */
export function boxOpening(
  facts: BoxFacts,
  { host, difficulty }: Opener,
  keys: string,
): EventContent & { readonly id: string } {
  const { pollId } = facts;
  const origin = originOf(host, pollId, FIRST_BOX);
  return {
    ...encodeBallotBoxOpened({ ...facts, difficulty, origin, keys }),
    id: openingId(pollId),
  };
}

/** A UUID made of poll and box: of a form of one's own, version 8 (RFC 9562, section 5.8). */
export function openingId(pollId: string): string {
  const bytes = createHash('sha256')
    .update(`paredao-zeresima/${logName(pollId, FIRST_BOX)}`)
    .digest()
    .subarray(0, 16);
  bytes[6] = (bytes[6]! & 0x0f) | 0x80;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
