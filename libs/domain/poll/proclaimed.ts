import type { POLL_STATE_NAMES, Poll } from './poll.ts';

/** Whether the result of a poll may be told: those of earlier versions, which have no policy, count as proclaimed once they are closed. */
export const isProclaimed = ({ status, policy, proclaimedAt, annulled }: Poll): boolean =>
  annulled === undefined &&
  (status === 'closed' || status === 'sealed') &&
  (proclaimedAt !== undefined || policy === undefined);

/** How far a poll has come: after the closing, what became of its result says more than its status. */
export function stateOf(poll: Poll): keyof typeof POLL_STATE_NAMES {
  if (poll.annulled !== undefined) return 'annulled';
  if (poll.status !== 'sealed') return poll.status;
  if (isProclaimed(poll)) return 'proclaimed';
  return poll.checked === undefined ? 'sealed' : 'checked';
}
