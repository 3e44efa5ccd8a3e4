export { type Acts, ActsLog, actsUpTo } from './acts.ts';
export { boxDifferences, openedIn, signersFor } from './box-check.ts';
export { type BoxFacts, boxFactsIn, boxOpening, openingId } from './box-opening.ts';
export {
  CheckpointTrail,
  type Decision,
  type SealedCheckpoint,
  checkpointIn,
  encodeCheckpointSigned,
  encodeSealOverruled,
  encodeWitnessOverruled,
  noteIn,
  publishedIn,
  setAsideIn,
} from './checkpoint-events.ts';
export { LeafHasher, leafOf } from './leaf.ts';
export { ForkedLogError, LogSealer, type SealOutcome, type SealStores, type SealedLog } from './log-sealer.ts';
export { hostIn, hostOf, logName, receiptName } from './names.ts';
export { overrule } from './overrule.ts';
export { type PollKeys, parsePollKeys } from './poll-keys.ts';
export { type PollSigners, SealKeys, type SignElsewhere } from './seal-keys.ts';
export { isSealedAt } from './sealed-at.ts';
export { sealedLogsOf } from './sealed-logs.ts';
export { shown } from './shown.ts';
