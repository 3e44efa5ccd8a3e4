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
  private readonly uses = new Map<string, Use<T>>();

  constructor(private readonly limit: number) {}

  /**
   * The answer that was given to this challenge, maybe still on its way.
   * @throws ChallengeUsedError when it was used for another participant
   */
  answerTo(challengeId: string, participantId: number): Promise<T> | undefined {
    const use = this.uses.get(challengeId);
    if (use !== undefined && use.participantId !== participantId)
      throw new ChallengeUsedError('challenge already used');
    return use?.answer;
  }

  /**
   * Keeps an answer. When it fails the voter may try the same challenge again, but for the same participant only: the
   * vote may be in the log all the same, and then the first one counts.
   */
  keep(challengeId: string, participantId: number, answer: Promise<T>): void {
    if (this.uses.size >= this.limit) this.forgetOldest();
    this.uses.set(challengeId, { participantId, answer });
    answer.catch(() => {
      if (this.uses.get(challengeId)?.answer === answer)
        this.uses.set(challengeId, { participantId, answer: undefined });
    });
  }

  private forgetOldest(): void {
    const [oldest] = this.uses.keys();
    if (oldest !== undefined) this.uses.delete(oldest);
  }
}
