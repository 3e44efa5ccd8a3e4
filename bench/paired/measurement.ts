import { median } from '../lib/histogram.ts';
import { cpuSecondsOf, hostCpuSeconds } from '../lib/proc.ts';
import { type ClosedLoopOptions, closedLoop } from './closed-loop.ts';

/** One server under full load for one round. */
export interface Measurement {
  readonly requests: number;
  readonly failed: number;
  readonly requestsPerSecond: number;
  /** CPU time of the whole server process, all threads, user and system. */
  readonly cpuMicrosecondsPerRequest: number;
  /** Share of one core that the server, and the generator, used. */
  readonly serverBusy: number;
  readonly generatorBusy: number;
  /** Cores that everything else on this host used meanwhile: a measurement wants it near 0. */
  readonly othersBusy: number;
  /** ms */
  readonly p50: number;
  readonly p99: number;
}

/** Loads a server and reads what it used meanwhile. */
export async function measure(pid: number, options: ClosedLoopOptions): Promise<Measurement> {
  const hostBefore = hostCpuSeconds();
  const cpuBefore = cpuSecondsOf(pid);
  const ownBefore = process.cpuUsage();
  const { answered, failed, seconds, latency } = await closedLoop(options);
  const cpu = cpuSecondsOf(pid) - cpuBefore;
  const { user, system } = process.cpuUsage(ownBefore);
  const own = (user + system) / 1_000_000;
  const host = hostCpuSeconds() - hostBefore;
  return {
    requests: answered,
    failed,
    requestsPerSecond: answered / seconds,
    cpuMicrosecondsPerRequest: (cpu * 1_000_000) / answered,
    serverBusy: cpu / seconds,
    generatorBusy: own / seconds,
    othersBusy: Math.max(0, host - cpu - own) / seconds,
    p50: latency.percentile(50),
    p99: latency.percentile(99),
  };
}

/** Median and range of a value over the rounds. */
export function spread(values: readonly number[], digits: number): string {
  const [middle, low, high] = [median(values), Math.min(...values), Math.max(...values)].map((value) =>
    value.toFixed(digits),
  );
  return `${String(middle)} (${String(low)}–${String(high)})`;
}
