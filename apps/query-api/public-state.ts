import { type PollView, stateOf } from '#platform';

import type { PollTally } from './tallies.ts';

/** A poll is counted once its tally has passed the cut, whether or not the mark in the poll's own stream was read yet. */
export const publicState = ({ cut, poll }: PollTally['snapshot']): PollView['estado'] =>
  cut === null ? stateOf(poll) : 'apurado';
