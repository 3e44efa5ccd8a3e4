export { versionOf } from './version.ts';
export { CursorCodec } from './cursor.ts';
export { Passes } from './passe.ts';
export { cedulaOf } from './cedula.ts';
export { RehearsalKeys } from './rehearsal-keys.ts';
export { CheckSeal } from './check-seal.ts';
export {
  disclosureView,
  participantView,
  pollView,
  rehearsalView,
  runningView,
  signOffView,
  standingView,
  stateName,
} from './poll-view.ts';
export { votesView } from './votes-view.ts';
