export { type Acts, ActsLog, actsUpTo } from './acts.ts';
export { boxDifferences, openedIn, signersFor } from './box-check.ts';
export { type BoxFacts, boxFactsIn, boxOpening, openingId } from './box-opening.ts';
export {
  type Overruling,
  type SealedCheckpoint,
  encodeCheckpointSigned,
  encodeSealOverruled,
  noteIn,
} from './checkpoint-events.ts';
export { LeafHasher, leafOf } from './leaf.ts';
export { ForkedLogError, LogSealer, type SealOutcome, type SealStores, type SealedLog } from './log-sealer.ts';
export { hostOf } from './names.ts';
export { overrule } from './overrule.ts';
export { parsePollKeys } from './poll-keys.ts';
export { SealKeys } from './seal-keys.ts';
export { sealedLogsOf } from './sealed-logs.ts';
