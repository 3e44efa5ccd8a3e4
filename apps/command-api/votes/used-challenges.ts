import type { ProblemCode } from '#platform';

import type { CastReceipt } from './cast-vote.command.ts';
import { ReceiptTable } from './receipt-table.ts';

/** The challenge was used for another participant. */
export class ChallengeUsedError extends Error {
  override readonly name = 'ChallengeUsedError';
  readonly code = 'human-check-used' satisfies ProblemCode;
}

interface Pending {
  readonly participantId: number;
  readonly answer: Promise<CastReceipt>;
}

/**
 * The challenges this process took lately, with their answers: most replays end here, before the queue. It is bounded
 * and forgets the oldest first, which is safe: the fold counts a challenge once whatever gets through.
 */
export class UsedChallenges {
  /** Votes on their way: no more than the queue takes. */
  private readonly pending = new Map<string, Pending>();
  /** Two generations: when the younger is full it becomes the older. */
  private younger: ReceiptTable;
  private older: ReceiptTable;

  /** @param limit challenges remembered at most; half as many at least */
  constructor(limit: number) {
    this.younger = new ReceiptTable(Math.ceil(limit / 2));
    this.older = new ReceiptTable(Math.ceil(limit / 2));
  }

  /**
   * The answer that was given to this challenge, maybe still on its way.
   * @throws ChallengeUsedError when it was used for another participant
   */
  answerTo(challengeId: string, participantId: number): CastReceipt | Promise<CastReceipt> | undefined {
    const pending = this.pending.get(challengeId);
    const use = pending ?? this.younger.get(challengeId) ?? this.older.get(challengeId);
    if (use !== undefined && use.participantId !== participantId) {
      throw new ChallengeUsedError('challenge already used');
    }
    return use && ('answer' in use ? use.answer : use.receipt);
  }

  /**
   * Keeps an answer. When it fails the voter may try the same challenge again, but for the same participant only: the
   * vote may be in the log all the same, and then the first one counts.
   */
  keep(challengeId: string, participantId: number, answer: Promise<CastReceipt>): void {
    this.pending.set(challengeId, { participantId, answer });
    const settle = (receipt?: CastReceipt): void => {
      this.pending.delete(challengeId);
      this.remember(challengeId, participantId, receipt);
    };
    answer.then(settle, () => {
      settle();
    });
  }

  private remember(challengeId: string, participantId: number, receipt?: CastReceipt): void {
    if (this.younger.size >= this.younger.limit) {
      [this.younger, this.older] = [this.older, this.younger];
      this.younger.clear();
    }
    this.younger.set(challengeId, participantId, receipt);
  }
}
