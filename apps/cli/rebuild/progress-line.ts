import type { RebuildProgress } from '#projection';

const INTERVAL_MS = 200;
const WIDTH = 24;
/** Carriage return, and erase to the end of the line (ECMA-48). */
const REWRITE = '\r\u001b[K';

interface Terminal {
  readonly isTTY?: boolean;
  write(text: string): unknown;
}

/** One line that tells how far a rebuild is, at what rate, and how long it will take; nothing where nobody watches. */
export class ProgressLine {
  private readonly started = performance.now();
  private shownAt = -Infinity;

  constructor(private readonly terminal: Terminal) {}

  show(progress: RebuildProgress): void {
    if (this.terminal.isTTY !== true || performance.now() - this.shownAt < INTERVAL_MS) return;
    this.shownAt = performance.now();
    this.terminal.write(REWRITE + progressText(progress, (this.shownAt - this.started) / 1000));
  }

  end(): void {
    if (this.terminal.isTTY === true && this.shownAt > -Infinity) this.terminal.write(REWRITE);
  }
}

/** @param seconds since the beginning */
export function progressText({ phase, version, events, position, head }: RebuildProgress, seconds: number): string {
  // positions are places in the log, not numbers of events, but they grow with them
  const done = head === 0n ? 1 : Math.min(1, Number(position) / Number(head));
  const bar = '█'.repeat(Math.round(done * WIDTH)).padEnd(WIDTH, '░');
  const rate = Math.round(events / Math.max(seconds, 0.001)).toLocaleString('en');
  const left = phase === 'folding' && done > 0 ? `, ${Math.ceil((seconds * (1 - done)) / done)} s left` : '';
  return `${bar} ${(done * 100).toFixed(1)} %  version ${version}: ${phase}, ${rate} events/s${left}`;
}
