export { type Acts, ActsLog, actsUpTo } from './acts.ts';
export { type BoxDifference, boxDifferences, openedIn, signersFor } from './box-check.ts';
export { type BoxFacts, type Opener, boxFactsIn, boxOpening, openingId } from './box-opening.ts';
export { LeafHasher, leafOf } from './leaf.ts';
export { deploymentName, hostIn, hostOf, logName, originOf, receiptName } from './names.ts';
export { type PollKeys, parsePollKeys } from './poll-keys.ts';
export { type PollSigners, SealKeys } from './seal-keys.ts';
export {
  CheckpointTrail,
  type SealedCheckpoint,
  checkpointIn,
  encodeCheckpointSigned,
  encodeSealOverruled,
  noteIn,
} from './checkpoint-events.ts';
export { ForkedLogError, LogSealer, type SealOutcome, type SealStores, type SealedLog } from './log-sealer.ts';
export { sealedLogsOf } from './sealed-logs.ts';
export { overrule } from './overrule.ts';
