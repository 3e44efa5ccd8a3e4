export { type Receipt, MalformedReceiptError, parseReceipt, receiptBytes, signedText } from './receipt.ts';
export { ReceiptIssuer } from './receipt-issuer.ts';
export {
  type ClosingLeaf,
  RECORD_BYTES,
  VOTES_FOLDER,
  bitsFor,
  formatVotesFile,
  indexIn,
  parseVotesFile,
  prefixOf,
  votesPath,
  writeRecord,
} from './votes-file.ts';
export { faultOf } from './verification.ts';
