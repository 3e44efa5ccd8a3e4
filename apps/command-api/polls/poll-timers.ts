/** No timer runs longer: those of Node end at 24.8 days, and a clock may be set meanwhile. */
const LONGEST_WAIT_MS = 3_600_000;

/** What is to be done for polls at some time, one thing a poll: the next one takes the place of what waited. */
export class PollTimers {
  private readonly timers = new Map<string, NodeJS.Timeout>();
  private stopped = false;

  /**
   * Does something when the time has come; nothing any more after `stop`.
   * @param time ms since the epoch; in the past: at once
   */
  set(pollId: string, time: number, act: () => void): void {
    this.cancel(pollId);
    if (this.stopped) return;
    const wait = time - Date.now();
    const next = wait > LONGEST_WAIT_MS ? () => this.set(pollId, time, act) : () => this.act(pollId, act);
    this.timers.set(pollId, setTimeout(next, Math.min(Math.max(wait, 0), LONGEST_WAIT_MS)));
  }

  /** After a failure: as `set`, unless something newer waits already. */
  retry(pollId: string, time: number, act: () => void): void {
    if (!this.timers.has(pollId)) this.set(pollId, time, act);
  }

  /** Nothing is done for this poll any more, until the next `set`; what is being done already goes on. */
  cancel(pollId: string): void {
    clearTimeout(this.timers.get(pollId));
    this.timers.delete(pollId);
  }

  /** For the end of the process: nothing is done any more, and what is set later is ignored. */
  stop(): void {
    this.stopped = true;
    for (const pollId of [...this.timers.keys()]) this.cancel(pollId);
  }

  private act(pollId: string, act: () => void): void {
    this.timers.delete(pollId);
    act();
  }
}
