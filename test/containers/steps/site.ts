import type { Client } from '../../support/client.ts';
import type { Poll } from '../poll.ts';
import type { Stack } from '../stack.ts';

/** What the steps share: the stack, the people at its door, and the poll that they vote in. */
export interface Site {
  stack: Stack;
  client: Client;
  poll: Poll;
  /** What is done at the end, last first. */
  readonly closing: (() => Promise<void> | void)[];
}

/** Longer than any step takes on a slow machine. */
export const SLOW = 20 * 60_000;
