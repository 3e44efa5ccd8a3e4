import type { CastVote } from './cast-vote.command.ts';

/** The challenge was used for another participant. */
export class ChallengeUsedError extends Error {
  override readonly name = 'ChallengeUsedError';
  readonly code = 'human-check-used';
}

interface Use<T> {
  readonly participantId: CastVote['participantId'];
  /** Undefined after a failure: whether the vote was stored may be unknown. */
  readonly answer: Promise<T> | undefined;
}

/**
 * The challenges this process took lately, with their answers: most replays end here, before the queue. It is bounded
 * and forgets the oldest first, which is safe: the fold counts a challenge once whatever gets through.
 */
export class UsedChallenges<T> {
  /** Two generations: when the younger is full it becomes the older. Deleting one by one from a large map costs more. */
  private younger = new Map<string, Use<T>>();
  private older = new Map<string, Use<T>>();

  /** @param limit challenges remembered at most; half as many at least */
  constructor(private readonly limit: number) {}

  /**
   * The answer that was given to this challenge, maybe still on its way.
   * @throws ChallengeUsedError when it was used for another participant
   */
  answerTo(challengeId: string, participantId: number): Promise<T> | undefined {
    const use = this.useOf(challengeId);
    if (use !== undefined && use.participantId !== participantId) {
      throw new ChallengeUsedError('challenge already used');
    }
    return use?.answer;
  }

  /**
   * Keeps an answer. When it fails the voter may try the same challenge again, but for the same participant only: the
   * vote may be in the log all the same, and then the first one counts.
   */
  keep(challengeId: string, participantId: number, answer: Promise<T>): void {
    this.set(challengeId, { participantId, answer });
    answer.catch(() => {
      if (this.useOf(challengeId)?.answer === answer) this.set(challengeId, { participantId, answer: undefined });
    });
  }

  private useOf(challengeId: string): Use<T> | undefined {
    return this.younger.get(challengeId) ?? this.older.get(challengeId);
  }

  private set(challengeId: string, use: Use<T>): void {
    if (this.younger.size >= this.limit / 2) {
      this.older = this.younger;
      this.younger = new Map();
    }
    this.younger.set(challengeId, use);
  }
}
