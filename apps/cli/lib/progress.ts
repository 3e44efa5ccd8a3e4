const INTERVAL_MS = 200;
const BAR_LENGTH = 24;

/** A bar with rate and time left on standard error, if that is a terminal; and one line at the end in any case. */
export class Progress {
  private readonly started = performance.now();
  private shownAt = 0;
  private events = 0;

  /** @param stream where to draw */
  constructor(private readonly stream: Pick<NodeJS.WriteStream, 'isTTY' | 'write'> = process.stderr) {}

  /** @param fraction how much is done, from 0 to 1 */
  readonly update = (events: number, fraction: number): void => {
    this.events = events;
    const now = performance.now();
    if (!this.stream.isTTY || now - this.shownAt < INTERVAL_MS) return;
    this.shownAt = now;
    const done = Math.min(1, Math.max(0, fraction));
    const seconds = (now - this.started) / 1000;
    const left = done > 0 ? clock((seconds * (1 - done)) / done) : '?';
    const bar = '█'.repeat(Math.round(done * BAR_LENGTH)).padEnd(BAR_LENGTH, '░');
    this.stream.write(`\r${bar} ${String(Math.floor(done * 100)).padStart(3)} %  ${this.rate(seconds)}  ${left} left `);
  };

  /** @param what was done, for the line: "audited" */
  end(what: string): void {
    const seconds = (performance.now() - this.started) / 1000;
    if (this.stream.isTTY) this.stream.write('\r\u001b[K');
    const memory = Math.round(process.resourceUsage().maxRSS / 1024);
    this.stream.write(`${what} in ${seconds.toFixed(1)} s: ${this.rate(seconds)}, at most ${memory} MiB of memory\n`);
  }

  private rate(seconds: number): string {
    const perSecond = Math.round(this.events / Math.max(seconds, 0.001));
    return `${this.events.toLocaleString('en')} events, ${perSecond.toLocaleString('en')}/s`;
  }
}

const clock = (seconds: number): string =>
  `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, '0')}`;
