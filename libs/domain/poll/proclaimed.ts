import type { Poll } from './poll.ts';

/** Whether the result of a poll may be told: polls of earlier versions count as proclaimed once they are closed. */
export const isProclaimed = ({ status }: Poll): boolean => status === 'closed' || status === 'sealed';
