export {
  type Checkpoint,
  type EventMark,
  NO_CHECKPOINT,
  ReadModel,
  ReadModelUnavailableError,
  type StoredTally,
  TallyConflictError,
  TallyStore,
  type VersionState,
  digestOf,
} from './read-model.ts';
export {
  type PollTally,
  type TallyOf,
  isOpened,
  isPrepared,
  lastOpened,
  newestFirst,
  nextScheduled,
} from './poll-selection.ts';
export { type Screen, ScreenStore } from './screens.ts';
export { TileStore } from './tiles.ts';
export { parseVersion } from './versions.ts';
export { SqliteReadModel } from './sqlite/sqlite-read-model.ts';
