export { APPEND_DEADLINE_MS, POLL_STATE_LIMIT_MS } from './deadlines.ts';
export {
  MINUTE_MS,
  hourKey,
  hourStart,
  isoTime,
  minuteFrom,
  minuteOf,
  minuteStart,
  timeFormatter,
} from './wire/canonical.ts';
export { DomainError, type DomainErrorCode, type QuarantineReason, UnreadableEventError } from './errors.ts';
export { type ReadStream, foldNext } from './tally/fold-next.ts';
export type { IdRecall } from './tally/id-recall.ts';
export { ID_GRACE_MS } from './tally/id-window.ts';
export {
  type OpenedPoll,
  type Poll,
  type PollStatus,
  type Correction,
  type Meaning,
  MAX_NAME_LENGTH,
  MAX_REASON_LENGTH,
  MAX_TITLE_LENGTH,
  POLL_STATE_NAMES,
  assertVotable,
  evolve,
  participantCountOf,
  ruleOf,
  wasOpened,
} from './poll/poll.ts';
export type { FailedCheck, ResultCheck } from './poll/result.ts';
export { MAX_RULES_LENGTH, PURPOSES } from './poll/purpose.ts';
export { isProclaimed, stateOf } from './poll/proclaimed.ts';
export { FIRST_STAGE_MODE, STAGE_MODES, type StageMode } from './poll/stage.ts';
export {
  type Audience,
  type Policy,
  POLICIES,
  POLICY_WORDS,
  audienceOf,
  isBoxPublic,
  policyOf,
} from './poll/disclosure.ts';
export { lastOpenedOf } from './poll/last-opened.ts';
export type { Count } from './poll/decide-result.ts';
export type { WantedPerson, WantedPortrait } from './poll/decide-people.ts';
export { type PollCommand, type PollMaking, decide, keyOf } from './poll/decide.ts';
export { type BallotBoxClosed, type BallotBoxOpened, PRICE_CLASSES } from './ballot-box-events.ts';
export { POLL_EVENTS, type PollEvent, type PollEventOf, decidedAt, describePollEvent } from './events.ts';
export { percents } from './event-words.ts';
export {
  BALLOT_BOX_CLOSED,
  BALLOT_BOX_OPENED,
  decodeBallotBoxClosed,
  decodeBallotBoxOpened,
  encodeBallotBoxClosed,
  encodeBallotBoxOpened,
  decisionIn,
  decodePollEvent,
  encodePollEvent,
} from './wire/poll-events.ts';
export { MAX_PARTICIPANTS, MIN_PARTICIPANTS, type Participant } from './wire/participants.ts';
export {
  type EventContent,
  type RecordedEvent,
  BALLOT_BOX_PREFIX,
  CHECKPOINT_PREFIX,
  FIRST_BOX,
  PHOTO_PREFIX,
  PHOTO_STORED,
  POLL_PREFIX,
  POLL_STREAM_PREFIXES,
  type PollLog,
  ballotBoxStream,
  checkpointStream,
  isBallotBox,
  photoStream,
  pollIdOf,
  pollOfCheckpoints,
  pollStream,
} from './wire/recorded-event.ts';
export { type CurveComparison, type CurveObservation, type CurveSnapshot, latestComparisons } from './tally/curve.ts';
export type { BallotOutcome } from './tally/ballot-outcome.ts';
export { sharesOf } from './tally/shares.ts';
export { Tally } from './tally/tally.ts';
export {
  type CountedTally,
  type QuarantinedEvent,
  TALLY_FORMAT,
  type TallySnapshot,
  canonicalTally,
  isComplete,
  totalOf,
  votesInLastHour,
} from './tally/tally-snapshot.ts';
export { UPCASTERS, type Upcaster, upcast } from './wire/upcasters.ts';
export {
  type HumanCheckWork,
  type PriceClass,
  type VoteCast,
  VoteCodec,
  decodeVoteCast,
  encodeVoteCast,
} from './wire/vote-cast.ts';
export { readVoteId } from './tally/vote-id-set.ts';
