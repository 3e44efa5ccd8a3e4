import type { AppendResult, EventLog, ExpectedRevision, NewEvent } from '#event-log';

/** One append that waits for its outcome. */
export interface HeldAppend extends PromiseWithResolvers<AppendResult> {
  readonly stream: string;
  readonly events: readonly NewEvent[];
  readonly expected: ExpectedRevision;
}

/** An event log whose appends succeed or fail when a spec says so. */
export function heldLog(): { log: EventLog; appends: HeldAppend[] } {
  const appends: HeldAppend[] = [];
  const append: EventLog['append'] = (stream, events, expected) => {
    const held = { stream, events, expected, ...Promise.withResolvers<AppendResult>() };
    appends.push(held);
    return held.promise;
  };
  return { log: { append } as EventLog, appends };
}

/** Lets everything that can go on now do so. */
export async function settled(): Promise<void> {
  for (let turn = 0; turn < 3; turn++) await new Promise((resolve) => setImmediate(resolve));
}
