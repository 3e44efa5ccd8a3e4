import type { HumanCheckEvidence } from '#domain';

/** What a voter's browser has to solve. The shape is the provider's. */
export type Challenge = Readonly<Record<string, unknown>>;

/** What a solved challenge proves. */
export interface PassedCheck {
  /** Id of the challenge; it becomes the id of the vote. 32 hexadecimal digits. */
  readonly challengeId: string;
  /** When the challenge expires, ms since the epoch. */
  readonly expiresAt: number;
  readonly evidence: HumanCheckEvidence;
}

/** Tells people from machines, as far as that can be told. A challenge is good for one poll of one deployment. */
export abstract class HumanCheck {
  /** A fresh challenge for a poll. */
  abstract issue(pollId: string): Challenge;

  /**
   * Checks a solution.
   * @param minimumLife how long the challenge must still live, ms
   * @throws HumanCheckError
   */
  abstract verify(solution: string, pollId: string, minimumLife: number): PassedCheck;
}

/** A check was not passed: forged, unsolved, of another poll or deployment; or it was, but too long ago. */
export class HumanCheckError extends Error {
  override readonly name = 'HumanCheckError';

  constructor(readonly code: 'human-check-invalid' | 'human-check-expired') {
    super(code);
  }
}
