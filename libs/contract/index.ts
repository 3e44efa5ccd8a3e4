export { type Announced, type AnnouncedNumber, announcedIn } from './announced.ts';
export {
  AdminAction,
  type AuditPace,
  AuditQuery,
  AuditState,
  type ExportFormat,
  ExportQuery,
  PollQuarantine,
  QuarantinePath,
  QuarantineQuery,
  QuarantineStreamPath,
  QuarantinedEvent,
  QuarantinedRecord,
  Reconciliation,
  ReconciliationProgress,
} from './audits.ts';
export { Login, LoginBody, PasswordBody, ROLES, type Role } from './logins.ts';
export { OBJECTIVES } from './objectives.ts';
export {
  BusyNetwork,
  BusyNetworkList,
  FiringAlert,
  Health,
  LOG_LEVELS,
  LogEvent,
  type LogLevel,
  Operations,
  ProblemCount,
  RouteUse,
  Sample,
  SampleList,
  SampleQuery,
  VoteQueue,
} from './operations.ts';
export { PHOTO_TYPES } from './photo-forms.ts';
export { PhotoPath, PhotoQuery, StoredPhoto } from './photos.ts';
export {
  NameBody,
  OpenBody,
  OpeningBody,
  POLL_EXAMPLES,
  ParticipantPath,
  PollPath,
  DescriptionBody,
  ParticipantBody,
  ScheduleBody,
} from './poll-requests.ts';
export {
  Correction,
  Focus,
  OPENED_STATES,
  Participant,
  ParticipantTotal,
  Poll,
  PollList,
  PollQuery,
  type PollState,
  PollSummary,
  PublicPollQuery,
  Rules,
} from './polls.ts';
export { PROBLEMS, PROBLEM_CODES, Problem, type ProblemCode, type ProblemKind } from './problems.ts';
export { REFUSALS } from './refusals.ts';
export { PASSE_HEADER, PasseHeader, Result, ResultQuery } from './results.ts';
export { CueBody, Screen, ScreenAnswer, ScreenBody, ScreenPath, Stage, StageScore } from './stage.ts';
export { AnnulBody, CheckReport, ProclaimBody, SIGN_OFF_EXAMPLES, SignBody } from './sign-off.ts';
export { CurveObservation, EarlierMinute, HourCounts, MinuteCounts, PeakMinute, Total } from './totals.ts';
export type { VotesByNumber } from './votes-by-number.ts';
export { votesIn } from './votes-in.ts';
export {
  AltchaParameters,
  CAPTCHA_PROVIDER_NAMES,
  CaptchaRequest,
  type CaptchaProviderName,
  CastVote,
  Challenge,
  VoteAnswer,
  VoteBody,
  VotePath,
} from './votes.ts';
export { CardQuery, ShareHeadQuery } from './share.ts';
export { Boletim, TilePath, UrnaLogPath, UrnaPath, UrnaQuery, UrnaVotesPath, Zeresima } from './urna.ts';
