/** How often the clock is looked at while a time is waited for: it may be set meanwhile, in either direction. */
const LOOK_INTERVAL_MS = 1000;

/** What is to be done for polls later, one thing a poll: the next one takes the place of what waited. */
export class PollTimers {
  private readonly timers = new Map<string, NodeJS.Timeout>();
  private stopped = false;

  /**
   * Does something when the clock shows a time, however it got there; nothing any more after `stop`.
   * @param time ms since the epoch; in the past: at once
   */
  at(pollId: string, time: number, act: () => void): void {
    const left = Math.min(Math.max(time - Date.now(), 0), LOOK_INTERVAL_MS);
    this.after(pollId, left, () => (Date.now() < time ? this.at(pollId, time, act) : act()));
  }

  /**
   * Does something when so much time has passed, whatever the clock shows by then.
   * @param wait ms
   */
  after(pollId: string, wait: number, act: () => void): void {
    this.cancel(pollId);
    if (this.stopped) return;
    const due = (): void => {
      this.timers.delete(pollId);
      act();
    };
    this.timers.set(pollId, setTimeout(due, wait));
  }

  /** After a failure: as `after`, unless something newer waits already. */
  retry(pollId: string, wait: number, act: () => void): void {
    if (!this.timers.has(pollId)) this.after(pollId, wait, act);
  }

  /** Nothing is done for this poll any more, until something is set again; what is being done already goes on. */
  cancel(pollId: string): void {
    clearTimeout(this.timers.get(pollId));
    this.timers.delete(pollId);
  }

  /** For the end of the process: nothing is done any more, and what is set later is ignored. */
  stop(): void {
    this.stopped = true;
    for (const pollId of [...this.timers.keys()]) this.cancel(pollId);
  }
}
