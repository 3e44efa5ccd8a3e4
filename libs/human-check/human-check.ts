import type { Challenge as WholeChallenge } from '#contract';
import type { HumanCheckWork, PriceClass } from '#domain';

import type { Crowd, Visitor } from './demand/demand.ts';

/** What a voter's browser has to solve. */
export type Challenge = Omit<WholeChallenge, 'cedula'>;

/** What a solved challenge proves. */
export interface PassedCheck {
  /** Id of the challenge; it becomes the id of the vote. 32 hexadecimal digits. */
  readonly challengeId: string;
  /** When the challenge was issued, in whole seconds, rounded down, and when it expires: ms since the epoch. */
  readonly issuedAt: number;
  readonly expiresAt: number;
  readonly work: HumanCheckWork;
  readonly price: PriceClass;
  /** The challenge was handed out as good only together with a provider's token, and that is still to be checked. */
  readonly captchaDue?: true;
}

/** Tells people from machines, as far as that is possible. A challenge is good for one poll of one deployment. */
export abstract class HumanCheck {
  /**
   * A fresh challenge for a poll. Its price follows the demand of this visitor.
   * @param crowd whose demand it is; a rehearsal makes no real vote more expensive, nor the other way round
   * @throws TooManyChallengesError
   */
  abstract issue(pollId: string, visitor: Visitor, crowd?: Crowd): Challenge;

  /** The poll that a challenge was issued for, solved or not and however old; undefined for what was never issued here. */
  abstract pollOf(solution: string): string | undefined;

  /**
   * Checks a solution: at once, unless a third party must be asked.
   * @param minimumLife how long the challenge must still live, ms
   * @param token of the provider that the challenge asked for
   * @throws HumanCheckError
   */
  abstract verify(
    solution: string,
    pollId: string,
    minimumLife: number,
    token?: string,
  ): PassedCheck | Promise<PassedCheck>;
}

/**
 * A check was not passed. `human-check-invalid`: forged, unsolved, of another poll or deployment; `human-check-expired`:
 * passed, but too long ago; `captcha-invalid`: the provider's token is missing, wrong, used or of another site;
 * `captcha-unavailable`: the provider does not answer, and the deployment refuses votes without it.
 */
export class HumanCheckError extends Error {
  override readonly name = 'HumanCheckError';

  constructor(
    readonly code: 'human-check-invalid' | 'human-check-expired' | 'captcha-invalid' | 'captcha-unavailable',
  ) {
    super(code);
  }
}
