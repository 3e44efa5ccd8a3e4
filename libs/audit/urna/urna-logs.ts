import {
  type BallotBoxOpened,
  FIRST_BOX,
  type PollLog,
  type ReadStream,
  type RecordedEvent,
  ballotBoxStream,
  checkpointStream,
  pollStream,
} from '#domain';
import { leafOf, openedIn, parsePollKeys } from '#seal';
import { TransparencyError, type Verifier, verifierOf } from '#transparency';

/** One of the transparency logs of a poll: its ballot box, or its acts. */
export interface UrnaLog {
  readonly log: PollLog;
  /** Its key as it is handed to those who verify; its name is the log's origin. */
  readonly vkey: string;
  readonly verifier: Verifier;
  /** Whose events are its leaves, in order. */
  readonly stream: string;
  /** Stream of the checkpoints that were signed of it. */
  readonly checkpoints: string;
}

/** What opens a ballot box, and the logs whose keys it names. */
export interface Urna {
  readonly opened: BallotBoxOpened;
  /** The same as it stands in the log: leaf 0. */
  readonly leaf: Buffer;
  readonly box: UrnaLog;
  readonly acts: UrnaLog;
  /** Checks what voters were given. */
  readonly receipts: Verifier;
}

/**
 * The logs of a poll, as the first event of its ballot box names them. Whether it says the truth is not asked here.
 * @returns undefined where no such event stands there: polls of earlier versions have none
 */
export async function urnaOf(read: ReadStream, pollId: string): Promise<Urna | undefined> {
  const first = await firstOf(read(ballotBoxStream(pollId), 0n));
  const opened = first && openedIn(first);
  if (first === undefined || opened === undefined) return undefined;
  try {
    const { box, acts, receipts } = parsePollKeys(opened.keys);
    const [boxStream, actsStream] = [ballotBoxStream(pollId), pollStream(pollId)];
    return {
      opened,
      leaf: leafOf(first),
      box: logOf(pollId, FIRST_BOX, boxStream, box),
      acts: logOf(pollId, 'atos', actsStream, acts),
      receipts: verifierOf(receipts),
    };
  } catch (error) {
    if (!(error instanceof TransparencyError)) throw error;
    return undefined;
  }
}

async function firstOf(pages: AsyncIterable<readonly RecordedEvent[]>): Promise<RecordedEvent | undefined> {
  for await (const [first] of pages) if (first !== undefined) return first;
  return undefined;
}

const logOf = (pollId: string, log: PollLog, stream: string, vkey: string): UrnaLog => ({
  ...{ log, vkey, verifier: verifierOf(vkey), stream, checkpoints: checkpointStream(pollId, log) },
});
