import { Command } from '@nestjs/cqrs';

/** A vote that was stored. */
export interface CastReceipt {
  readonly voteId: string;
  readonly pollId: string;
  readonly participantId: number;
  /** ms since the epoch */
  readonly castAt: number;
  /** Position of the log at which the vote is certainly folded. */
  readonly position: bigint;
  /** What its voter can prove that with. Absent where receipts are off, and of a vote that was stored longer ago. */
  readonly signed?: string | undefined;
}

/** The receipt, and whether the same challenge had been voted with before. */
export interface CastOutcome {
  readonly receipt: CastReceipt;
  readonly repeated: boolean;
}

/** Cast a vote in the poll on air, or in the rehearsal, with a solved challenge. */
export class CastVote extends Command<CastOutcome> {
  constructor(
    readonly participantId: number,
    readonly solution: string,
    /** The ballot that the voter saw. */
    readonly cedula: string | undefined,
    /** Of the provider that the challenge asked for. */
    readonly captchaToken?: string,
    readonly isRehearsal = false,
  ) {
    super();
  }
}
