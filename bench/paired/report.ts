import { median } from '../lib/histogram.ts';
import { type Measurement, spread } from './measurement.ts';

/** What was measured of one of the servers, by round. */
export interface Measured {
  readonly name: string;
  readonly rounds: readonly Measurement[];
}

/** The comparison of the last of the servers with those before it. */
export interface Comparison {
  /** Name → median over the rounds of CPU per vote ÷ CPU per request of that server. */
  readonly ratios: Readonly<Record<string, number>>;
  readonly failed: number;
  readonly passed: boolean;
}

/** A vote may cost this many times what the first server's no-op costs; more is a failure. */
const RATIO_LIMIT = 3;
const RATIO_AIM = 2;

/** Median and range of everything measured, a line a server. */
export function printTable(servers: readonly Measured[]): void {
  const row = ({ rounds }: Measured): Record<string, string> => {
    const column = (key: keyof Measurement, digits: number, scale = 1): string =>
      spread(
        rounds.map((round) => round[key] * scale),
        digits,
      );
    return {
      'requests/s': column('requestsPerSecond', 0),
      'CPU µs/request': column('cpuMicrosecondsPerRequest', 1),
      'server busy %': column('serverBusy', 0, 100),
      'generator busy %': column('generatorBusy', 0, 100),
      'others busy %': column('othersBusy', 0, 100),
      'p50 ms': column('p50', 2),
      'p99 ms': column('p99', 2),
    };
  };
  console.table(Object.fromEntries(servers.map((server) => [server.name, row(server)])));
}

/** Compares the last server with each of the others, round by round, and says so. */
export function compare(servers: readonly Measured[]): Comparison {
  const vote = servers.at(-1)!;
  const ratios: Record<string, number> = {};
  for (const { name, rounds } of servers.slice(0, -1)) {
    const each = rounds.map((round, index) => cpuOf(vote.rounds[index]!) / cpuOf(round));
    ratios[name] = median(each);
    console.log(`CPU per vote ÷ ${name}: ${spread(each, 2)}`);
  }
  const failed = servers.flatMap(({ rounds }) => rounds).reduce((sum, round) => sum + round.failed, 0);
  const toBare = ratios[servers[0]!.name] ?? Number.NaN;
  const passed = toBare <= RATIO_LIMIT && failed === 0;
  const aim = toBare <= RATIO_AIM ? 'met' : 'missed';
  console.log(
    `aim of ${String(RATIO_AIM)} ${aim}, limit of ${String(RATIO_LIMIT)}; failed requests ${String(failed)}: ${passed ? 'PASS' : 'FAIL'}`,
  );
  return { ratios, failed, passed };
}

const cpuOf = ({ cpuMicrosecondsPerRequest }: Measurement): number => cpuMicrosecondsPerRequest;
