export { CursorCodec } from './cursor.ts';
export { cedulaOf } from './cedula.ts';
export { countedState, participantView, pollView, runningView } from './poll-view.ts';
export { votesView } from './votes-view.ts';
