export { type Receipt, MalformedReceiptError, parseReceipt, receiptBytes, signedText } from './receipt.ts';
export { ReceiptIssuer } from './receipt-issuer.ts';
export { faultOf } from './verification.ts';
