/** An event as it stands in the log. */
export interface RecordedEvent {
  readonly stream: string;
  /** Place within the stream, from 0, without gaps. */
  readonly revision: bigint;
  /** Place in the log's total order. The events of one append may share a position. */
  readonly position: bigint;
  /** The log's own clock when it took the event, ms since the epoch. */
  readonly recordedAt: number;
  /** UUID given by whoever appended the event. */
  readonly id: string;
  readonly type: string;
  /** Version of the event type; old versions are upcast on read. */
  readonly version: number;
  /** The canonical bytes, exactly as they were appended. */
  readonly data: Uint8Array;
}

/** What an event is before the log took it. */
export type EventContent = Pick<RecordedEvent, 'type' | 'version' | 'data'>;

/** Prefix of the streams of the administrators' decisions. */
export const POLL_PREFIX = 'poll-';
/** Prefix of the streams of votes. */
export const BALLOT_BOX_PREFIX = 'votes-';

/** The prefixes of every stream that concerns a poll. */
export const POLL_STREAM_PREFIXES: readonly string[] = [POLL_PREFIX, BALLOT_BOX_PREFIX];

/** Stream of what the administrators decided about a poll. */
export const pollStream = (pollId: string): string => POLL_PREFIX + pollId;

/** Prefix of the streams of photos. */
export const PHOTO_PREFIX = 'photo-';

/** Stream of the one photo with this SHA-256; its one event, `PHOTO_STORED`, has the very bytes. */
export const photoStream = (hash: string): string => PHOTO_PREFIX + hash;
export const PHOTO_STORED = 'PhotoStored';

/** The ballot box: stream of the votes of a poll. */
export const ballotBoxStream = (pollId: string): string => BALLOT_BOX_PREFIX + pollId;

/** Prefix of the streams of signed checkpoints. */
export const CHECKPOINT_PREFIX = 'checkpoints-';

/** Stream of the signed checkpoints of a log of a poll: one of its ballot boxes by its number, or its acts. */
export const checkpointStream = (pollId: string, log: PollLog): string => `${CHECKPOINT_PREFIX}${pollId}-${log}`;

/** The poll whose checkpoints a stream holds, or undefined for another stream. */
export const pollOfCheckpoints = (stream: string): string | undefined =>
  stream.startsWith(CHECKPOINT_PREFIX) ? /^checkpoints-(.+)-(?:atos|[1-9]\d*)$/.exec(stream)?.[1] : undefined;

/** The poll a stream belongs to, or undefined for a foreign stream. */
export function pollIdOf(stream: string): string | undefined {
  if (stream.startsWith(BALLOT_BOX_PREFIX)) return stream.slice(BALLOT_BOX_PREFIX.length);
  if (stream.startsWith(POLL_PREFIX)) return stream.slice(POLL_PREFIX.length);
  return undefined;
}

/** A log of a poll: one of its ballot boxes, or the acts, which are the decisions about it. */
export type PollLog = number | 'atos';

/** The ballot box that a poll has today: a later version may spread its votes over several. */
export const FIRST_BOX = 1;

export const isBallotBox = (stream: string): boolean => stream.startsWith(BALLOT_BOX_PREFIX);
