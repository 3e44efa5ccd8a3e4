import type { Poll } from './poll.ts';
import { isProclaimed } from './proclaimed.ts';

/**
 * When the public sees the shares of a poll that is open: always; after one's own vote; not before the end; or when
 * production shows them.
 */
export const POLICIES = ['sempre', 'depois-do-voto', 'no-fim', 'sob-comando'] as const;
export type Policy = (typeof POLICIES)[number];

/** Of new polls, where nobody says anything else. */
export const DEFAULT_POLICY = 'depois-do-voto' satisfies Policy;

/** Polls of earlier versions do not say: theirs were always shown. */
export const policyOf = ({ policy }: Pick<Poll, 'policy'>): Policy => policy ?? 'sempre';

/** Who may see shares: everybody, those who voted in this poll, or nobody of the public. */
export type Audience = 'everybody' | 'voters' | 'nobody';

/** Who may see the shares of a poll now: once it is closed nobody, until its result is proclaimed. Production and auditors always may: this is about the public. */
export function audienceOf(poll: Poll): Audience {
  if (poll.status !== 'open') return isProclaimed(poll) ? 'everybody' : 'nobody';
  switch (policyOf(poll)) {
    case 'sempre':
      return 'everybody';
    case 'depois-do-voto':
      return 'voters';
    case 'no-fim':
      return 'nobody';
    case 'sob-comando':
      return poll.shown === true ? 'everybody' : 'nobody';
  }
}

/** So long after its closing a ballot box is published, whatever becomes of the result, ms. */
const BOX_WITHHELD_MS = 72 * 3_600_000;

/**
 * Whether everybody may read the ballot box of a poll, and what was signed of it: with the result, and 72 hours after the closing at the latest.
 * Before that its size would tell the count.
 * @param now ms since the epoch
 */
export const isBoxPublic = (poll: Poll, now: number): boolean =>
  poll.annulled !== undefined ||
  isProclaimed(poll) ||
  (poll.closedAt !== null && now >= Date.parse(poll.closedAt) + BOX_WITHHELD_MS);

/** How auditors read a policy. */
export const POLICY_WORDS = {
  sempre: 'parcial para todos',
  'depois-do-voto': 'parcial para quem já votou',
  'no-fim': 'sem parcial até o fim',
  'sob-comando': 'parcial sob comando',
} as const satisfies Record<Policy, string>;
