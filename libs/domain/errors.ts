/** Stable codes of every refusal the domain can give. A code is never reused for another meaning. */
export type DomainErrorCode =
  | 'poll-already-open'
  | 'poll-exists'
  | 'poll-not-found'
  | 'poll-not-open'
  | 'poll-paused'
  | 'poll-not-closed'
  | 'poll-not-counted'
  | 'poll-annulled'
  | 'check-outdated'
  | 'poll-not-annulled'
  | 'poll-not-draft'
  | 'poll-not-proclaimed'
  | 'participant-not-found'
  | 'photo-not-found'
  | 'invalid-title'
  | 'invalid-name'
  | 'invalid-participants'
  | 'invalid-schedule'
  | 'invalid-reason'
  | 'invalid-rules'
  | 'rules-not-found'
  | 'shares-not-on-cue'
  | 'evidence-key-mismatch';

/** A rule of the domain said no. The edge decides which HTTP status that is. */
export class DomainError extends Error {
  override readonly name = 'DomainError';

  constructor(
    readonly code: DomainErrorCode,
    message: string,
  ) {
    super(message);
  }
}

/** Why an event is not counted. */
export type QuarantineReason =
  | 'unknown-event'
  /** A vote of another version than the rule of the poll. */
  | 'other-rule'
  | 'not-canonical'
  | 'impossible-time'
  | 'not-utf-8'
  | 'not-json'
  | 'bad-field'
  | 'unknown-participant';

/** Stored bytes that this version of the code cannot read. The fold quarantines such an event. */
export class UnreadableEventError extends Error {
  override readonly name = 'UnreadableEventError';
  readonly code = 'unreadable-event';

  /** @param what that is, for whoever reads a stack trace */
  constructor(
    readonly reason: QuarantineReason,
    what?: string,
  ) {
    super(what === undefined ? reason : `${reason}: ${what}`);
  }
}
