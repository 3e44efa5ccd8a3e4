export { createApp, exit, listen, stopOnSignals } from './bootstrap.ts';
export { CursorCodec } from './cursor.ts';
export { Environment, readEnvironment } from './environment.ts';
export { Readiness } from './health/readiness.ts';
export { cedulaOf } from './http/cedula.ts';
export { ApiProblems } from './http/openapi.ts';
export { BodyLimit, PHOTO_TYPES } from './http/bodies.ts';
export { ForNewcomers } from './http/doors.ts';
export { OwnPagesOnly, isReading } from './http/hardening.ts';
export { POLL_ID, POLL_QUERY, queryOf } from './http/poll-id.ts';
export {
  OPENED_STATES,
  POLL_STATES,
  ParticipantView,
  PollView,
  countedState,
  participantView,
  pollView,
} from './http/poll-view.ts';
export { VotesView, votesView } from './http/votes-view.ts';
export { RateLimited, clientOf, networkOf } from './http/rate-limit.ts';
export { routeConfig } from './http/route-config.ts';
export { ABORTED, type Outcome, RequestObserver } from './http/request-observer.ts';
export { LATENCY_BUCKETS, collectFrom } from './metrics.ts';
export { LOG_LINE_LEVELS, type LogLineLevel, LogStream } from './log-stream.ts';
export { PlatformModule, SECRETS } from './platform.module.ts';
export { createPrivateFile, readJsonFile, replacePrivateFile, settleFile } from './private-file.ts';
export { type ProblemCode, ProblemError, problemFor } from './problems.ts';
export { runService } from './service.ts';
export { StoresModule } from './stores.module.ts';
export { type Secrets, loadSecrets, rotateSecrets } from './secrets.ts';
