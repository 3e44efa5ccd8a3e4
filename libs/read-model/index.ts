export {
  type Checkpoint,
  NO_CHECKPOINT,
  ReadModel,
  ReadModelUnavailableError,
  type StoredTally,
  TallyConflictError,
  digestOf,
} from './read-model.ts';
export { SqliteReadModel } from './sqlite/sqlite-read-model.ts';
