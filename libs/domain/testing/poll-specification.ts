import { expect } from '@jest/globals';

import {
  DomainError,
  type DomainErrorCode,
  type Poll,
  type PollCommand,
  type PollEvent,
  decide,
  evolve,
} from '../index.ts';

/** A rule of the poll in three lines: given what happened, when a command comes, then this happens or is refused. */
export const given = (...history: readonly PollEvent[]): Pick<PollSpecification, 'when'> =>
  new PollSpecification(history);

/** The poll that a history leads to. */
export const pollAfter = (...history: readonly PollEvent[]): Poll | undefined =>
  history.reduce<Poll | undefined>(evolve, undefined);

class PollSpecification {
  constructor(
    private readonly history: readonly PollEvent[],
    private readonly command?: PollCommand,
  ) {}

  when(command: PollCommand): Omit<PollSpecification, 'when'> {
    return new PollSpecification(this.history, command);
  }

  then(...expected: readonly PollEvent[]): void {
    expect(this.decided()).toEqual(expected);
  }

  thenNothing(): void {
    expect(this.decided()).toEqual([]);
  }

  thenRefuses(code: DomainErrorCode): void {
    expect(refusalOf(() => this.decided())).toBe(code);
  }

  private decided(): PollEvent[] {
    return decide(this.command!, pollAfter(...this.history));
  }
}

/** The code that a call is refused with; undefined where it is not. */
export function refusalOf(call: () => unknown): DomainErrorCode | undefined {
  try {
    call();
    return undefined;
  } catch (error) {
    if (error instanceof DomainError) return error.code;
    throw error;
  }
}
