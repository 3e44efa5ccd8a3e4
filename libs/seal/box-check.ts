import {
  BALLOT_BOX_OPENED,
  type BallotBoxOpened,
  FIRST_BOX,
  type RecordedEvent,
  UnreadableEventError,
  decodeBallotBoxOpened,
  encodeBallotBoxOpened,
} from '#domain';
import { parseNote, verifierOf } from '#transparency';

import { type BoxFacts, openingId } from './box-opening.ts';
import { deploymentName, hostIn, originOf, receiptName } from './names.ts';
import { parsePollKeys } from './poll-keys.ts';
import type { PollSigners, SealKeys } from './seal-keys.ts';

/** A part of what opens a box that is not as it should be; undefined: it is missing, or should be. */
export interface BoxDifference {
  readonly part: string;
  readonly expected?: unknown;
  readonly actual?: unknown;
}

/** Where what opens a box is not what the poll's own stream says, or names keys that are not those of its logs. Whose they are is not asked. */
export function* boxDifferences(opened: BallotBoxOpened, facts: BoxFacts): Iterable<BoxDifference> {
  const { difficulty, origin, keys, ...said } = opened;
  const [expected, actual] = [facts, said] as Readonly<Record<string, unknown>>[];
  for (const part of new Set([...Object.keys(facts), ...Object.keys(said)]))
    if (JSON.stringify(expected![part]) !== JSON.stringify(actual![part]))
      yield { part, expected: expected![part], actual: actual![part] };
  if (difficulty < 1) yield { part: 'difficulty', actual: difficulty };
  const host = hostIn(origin, facts.pollId, FIRST_BOX);
  if (host === undefined) yield { part: 'origin', expected: originOf('…', facts.pollId, FIRST_BOX), actual: origin };
  else if (!isOfLogs(keys, host, facts.pollId)) yield { part: 'keys', actual: keys };
}

function isOfLogs(note: string, host: string, pollId: string): boolean {
  try {
    const { box, acts, receipts } = parsePollKeys(note);
    const names = [box, acts, receipts].map((vkey) => verifierOf(vkey).name);
    const origin = originOf(host, pollId, FIRST_BOX);
    const expected = [origin, originOf(host, pollId, 'atos'), receiptName(origin)];
    return (
      names.every((name, at) => name === expected[at]) &&
      parseNote(note).signatures.some(({ name }) => name === deploymentName(host))
    );
  } catch {
    return false;
  }
}

/**
 * What signs for a poll whose box was opened by this deployment, whatever it was called then, and with whichever of its keys.
 * @param first event of the ballot box
 * @returns undefined where anything else stands there
 */
export function signersFor(first: RecordedEvent, facts: BoxFacts, keys: SealKeys): PollSigners | undefined {
  const opened = openedIn(first);
  if (opened === undefined || first.id !== openingId(facts.pollId)) return undefined;
  for (const _difference of boxDifferences(opened, facts)) return undefined;
  return keys.signersOf(opened.keys, hostIn(opened.origin, facts.pollId, FIRST_BOX)!, facts.pollId);
}

/** What the first event of a box says, in its canonical form; undefined for anything else. */
export function openedIn(first: RecordedEvent): BallotBoxOpened | undefined {
  if (first.type !== BALLOT_BOX_OPENED || first.revision !== 0n) return undefined;
  try {
    const opened = decodeBallotBoxOpened(first);
    const { version, data } = encodeBallotBoxOpened(opened);
    return first.version === version && Buffer.compare(first.data, data) === 0 ? opened : undefined;
  } catch (error) {
    if (!(error instanceof UnreadableEventError)) throw error;
    return undefined;
  }
}
