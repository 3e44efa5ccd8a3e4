import type { Poll, TallySnapshot } from '#domain';
import { type PollView, stateOf } from '#platform';

/** A poll is counted once its tally has passed the cut, whether or not the mark in the poll's own stream was read yet. */
export const publicState = ({ cut, poll }: Pick<TallySnapshot, 'cut'> & { readonly poll: Poll }): PollView['estado'] =>
  cut === null ? stateOf(poll) : 'apurado';
