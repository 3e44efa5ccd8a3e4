/** What may be wrong with what a log, a witness or a voter hands over. */
export type TransparencyErrorCode =
  | 'malformed-checkpoint'
  | 'malformed-note'
  | 'malformed-key'
  | 'malformed-proof'
  /** A key that is known, and a signature that is not its own. */
  | 'invalid-signature'
  /** None of the signatures is by a key that is known. */
  | 'unknown-signer'
  /** Of a proof: the leaf is not in the tree. */
  | 'not-included'
  /** A checkpoint of another log. */
  | 'other-origin';

/** Something that proves nothing. */
export class TransparencyError extends Error {
  override readonly name = 'TransparencyError';

  constructor(
    readonly code: TransparencyErrorCode,
    message: string,
  ) {
    super(message);
  }
}
