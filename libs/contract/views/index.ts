export { CursorCodec } from './cursor.ts';
export { cedulaOf } from './cedula.ts';
export { participantView, pollView, runningView, standingView, stateName } from './poll-view.ts';
export { votesView } from './votes-view.ts';
