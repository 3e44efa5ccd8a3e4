import { Histogram, median } from '../lib/histogram.ts';
import { HttpPool } from '../lib/http-pool.ts';
import { cpuSecondsOf, writtenBytesOf } from '../lib/proc.ts';
import { arrivals, asTheyCome } from '../load/arrivals.ts';

const CONNECTIONS = 256;

/** What a server used for requests that came at a rate of their own. */
export interface Paced {
  readonly rate: number;
  readonly failed: number;
  /** CPU time of the whole server process, all threads, user and system. */
  readonly cpuMicrosecondsPerRequest: number;
  /** What it wrote to files for each, bytes; the kernel counts whole pages. */
  readonly bytesPerRequest: number;
  /** ms, from when the request was due. */
  readonly p50: number;
  readonly p99: number;
}

/** Sends each request once, in a Poisson process of that rate, on kept connections. */
export async function measurePaced(
  { url, pid }: { readonly url: URL; readonly pid: number },
  requests: readonly Buffer[],
  rate: number,
): Promise<Paced> {
  const pool = new HttpPool(url, CONNECTIONS);
  const latency = new Histogram();
  let failed = 0;
  const send = async (request: Buffer, due: number): Promise<void> => {
    const answer = await pool.send(request.toString('latin1')).catch(() => undefined);
    latency.record(performance.now() - due);
    if (answer === undefined || answer.status >= 300) failed++;
  };
  const [cpu, written] = [cpuSecondsOf(pid), writtenBytesOf(pid)];
  const start = performance.now();
  const sent: Promise<void>[] = [];
  for await (const at of asTheyCome(arrivals(rate, requests.length / rate), start)) {
    const request = requests[sent.length];
    if (request === undefined) break;
    sent.push(send(request, start + at));
  }
  await Promise.all(sent);
  pool.close();
  return {
    rate,
    failed,
    cpuMicrosecondsPerRequest: ((cpuSecondsOf(pid) - cpu) * 1_000_000) / sent.length,
    bytesPerRequest: (writtenBytesOf(pid) - written) / sent.length,
    p50: latency.percentile(50),
    p99: latency.percentile(99),
  };
}

/** A line for each rate: what a vote costs when it does not come with many others. */
export function printPaced(measured: readonly Paced[]): void {
  const rates = new Set(measured.map(({ rate }) => rate));
  const rows = [...rates].map((rate) => {
    const rounds = measured.filter((one) => one.rate === rate);
    const middle = (key: keyof Paced, digits: number, scale = 1): string =>
      (median(rounds.map((round) => round[key])) * scale).toFixed(digits);
    return [
      `${String(rate)} votes/s`,
      {
        'CPU µs/vote': middle('cpuMicrosecondsPerRequest', 0),
        'kB written/vote': middle('bytesPerRequest', 1, 0.001),
        'p50 ms': middle('p50', 1),
        'p99 ms': middle('p99', 1),
      },
    ] as const;
  });
  console.table(Object.fromEntries(rows));
}
