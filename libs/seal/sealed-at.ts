import { BALLOT_BOX_CLOSED, BALLOT_BOX_OPENED, type RecordedEvent, isBallotBox } from '#domain';

/** Whether a checkpoint ends with an event: of the acts with each one; of a box while it is empty, which is the zerésima, and when it is closed. */
export const isSealedAt = ({ stream, type }: Pick<RecordedEvent, 'stream' | 'type'>): boolean =>
  !isBallotBox(stream) || type === BALLOT_BOX_OPENED || type === BALLOT_BOX_CLOSED;
