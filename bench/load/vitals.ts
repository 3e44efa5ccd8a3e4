import { cpuSecondsOf, residentBytesOf } from '../lib/proc.ts';

/** How a server was at a moment of a run. */
export interface Vital {
  /** s since the run began */
  readonly at: number;
  readonly residentBytes: number;
  /** Share of one core used since the last sample, and by the generator. */
  readonly busy: number;
  readonly generatorBusy: number;
  /** How long the event loop was held up since the last sample, ms; NaN without metrics. */
  readonly eventLoopP99: number;
  readonly eventLoopMax: number;
}

const INTERVAL_MS = 5000;
/** The service's event loop monitor is a timer of 10 ms, and counts them in. */
const MONITOR_MS = 10;

/** Watches a server process of this host until it is told to stop. */
export class Vitals {
  readonly samples: Vital[] = [];
  private readonly started = performance.now();
  private readonly timer: NodeJS.Timeout;
  private last: { at: number; cpu: number; own: NodeJS.CpuUsage };

  /** @param metrics address of the server's metrics */
  constructor(
    private readonly pid: number,
    private readonly metrics: URL,
  ) {
    this.last = { at: this.started, cpu: cpuSecondsOf(pid), own: process.cpuUsage() };
    this.timer = setInterval(() => void this.sample().catch(() => undefined), INTERVAL_MS);
  }

  stop(): void {
    clearInterval(this.timer);
  }

  private async sample(): Promise<void> {
    const text = await fetch(this.metrics).then((answer) => answer.text());
    const now = performance.now();
    const cpu = cpuSecondsOf(this.pid);
    const own = process.cpuUsage();
    const seconds = (now - this.last.at) / 1000;
    this.samples.push({
      at: (now - this.started) / 1000,
      residentBytes: residentBytesOf(this.pid),
      busy: (cpu - this.last.cpu) / seconds,
      generatorBusy: (own.user + own.system - this.last.own.user - this.last.own.system) / 1_000_000 / seconds,
      eventLoopP99: heldUp(text, 'nodejs_eventloop_lag_p99_seconds'),
      eventLoopMax: heldUp(text, 'nodejs_eventloop_lag_max_seconds'),
    });
    this.last = { at: now, cpu, own };
  }
}

const heldUp = (text: string, name: string): number => Math.max(0, metricOf(text, name) * 1000 - MONITOR_MS);

/** Value of a metric without labels in the Prometheus text format; NaN when it is not there. */
export function metricOf(text: string, name: string): number {
  return Number(new RegExp(`^${name} (\\S+)`, 'm').exec(text)?.[1] ?? Number.NaN);
}

/**
 * By which share memory grew between two moments of a run: the mean of the samples in the 30 s before each.
 * @returns undefined when the run did not last that long
 */
export function growthBetween(samples: readonly Vital[], fromSecond: number, toSecond: number): number | undefined {
  const [before, after] = [fromSecond, toSecond].map((end) => {
    const near = samples.filter(({ at }) => at > end - 30 && at <= end + INTERVAL_MS / 1000);
    const reached = (samples.at(-1)?.at ?? 0) >= end - INTERVAL_MS / 1000;
    return reached ? near.reduce((sum, { residentBytes }) => sum + residentBytes, 0) / near.length : undefined;
  });
  return before === undefined || after === undefined ? undefined : after / before - 1;
}
