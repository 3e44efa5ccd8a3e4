export { APPEND_DEADLINE_MS, POLL_STATE_LIMIT_MS } from './deadlines.ts';
export { minuteFrom, minuteOf } from './canonical.ts';
export { DomainError, type DomainErrorCode, type QuarantineReason, UnreadableEventError } from './errors.ts';
export { type ReadStream, foldNext } from './fold-next.ts';
export type { IdRecall } from './id-recall.ts';
export { ID_GRACE_MS } from './id-window.ts';
export {
  type OpenedPoll,
  type Poll,
  type Correction,
  MAX_NAME_LENGTH,
  MAX_REASON_LENGTH,
  MAX_TITLE_LENGTH,
  PARTICIPANTS_PER_POLL,
  POLL_STATE_NAMES,
  assertVotable,
  evolve,
  ruleOf,
  wasOpened,
} from './poll.ts';
export { type PollCommand, decide, keyOf } from './poll-decisions.ts';
export {
  BALLOT_BOX_CLOSED,
  type Participant,
  type PollEvent,
  encodeBallotBoxClosed,
  decodePollEvent,
  encodePollEvent,
} from './poll-events.ts';
export {
  type EventContent,
  type RecordedEvent,
  BALLOT_BOX_PREFIX,
  PHOTO_PREFIX,
  PHOTO_STORED,
  POLL_PREFIX,
  POLL_STREAM_PREFIXES,
  ballotBoxStream,
  isBallotBox,
  photoStream,
  pollIdOf,
  pollStream,
} from './recorded-event.ts';
export { sharesOf } from './shares.ts';
export { Tally } from './tally.ts';
export {
  type QuarantinedEvent,
  TALLY_FORMAT,
  type TallySnapshot,
  canonicalTally,
  isComplete,
  totalOf,
  votesInLastHour,
} from './tally-snapshot.ts';
export { UPCASTERS, type Upcaster, upcast } from './upcasters.ts';
export {
  type HumanCheckWork,
  type PriceClass,
  type VoteCast,
  decodeVoteCast,
  encodeVoteCast,
  voteIn,
} from './vote-cast.ts';
export { readVoteId } from './vote-id-set.ts';
