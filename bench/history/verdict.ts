import { median } from '../lib/histogram.ts';
import type { Measured } from './subjects.ts';

/** A subject and the bare loop just before it, in turns: what else the machine does slows both of them. */
export interface Pair {
  readonly bare: Measured;
  readonly subject: Measured;
}

/** What must be reached. */
export interface Limits {
  /** Rate of a subject ÷ rate of the bare loop, at least. */
  readonly ratio: number;
  /** MB, at most. */
  readonly memory: number;
}

const cpuOf = ({ events, cpuSeconds }: Measured): number => (cpuSeconds * 1e6) / events;
const rateOf = ({ events, seconds }: Measured): number => events / seconds;

/** Median of the pairs' ratios. */
export const ratioOf = (pairs: readonly Pair[]): number =>
  median(pairs.map(({ bare, subject }) => rateOf(subject) / rateOf(bare)));

const memoryOf = (pairs: readonly Pair[]): number => Math.max(...pairs.map(({ subject }) => subject.memory));

/** A line of the table. */
export const rowOf = (pairs: readonly Pair[]): object => ({
  events: pairs[0]?.subject.events,
  seconds: median(pairs.map(({ subject }) => subject.seconds)).toFixed(1),
  'events/s': Math.round(median(pairs.map(({ subject }) => rateOf(subject)))),
  'bare events/s': Math.round(median(pairs.map(({ bare }) => rateOf(bare)))),
  'rate ÷ bare': ratioOf(pairs).toFixed(2),
  'CPU µs/event': median(pairs.map(({ subject }) => cpuOf(subject))).toFixed(2),
  'bare CPU µs/event': median(pairs.map(({ bare }) => cpuOf(bare))).toFixed(2),
  'most memory, MB': memoryOf(pairs),
});

/** Which limits a subject misses, in words. */
export function* misses(name: string, pairs: readonly Pair[], { ratio, memory }: Limits): Iterable<string> {
  const [is, used] = [ratioOf(pairs), memoryOf(pairs)];
  if (is < ratio) yield `${name}: ${is.toFixed(2)}× the bare loop, ${ratio}× is needed`;
  if (used > memory) yield `${name}: ${used} MB of memory, ${memory} MB is the limit`;
}
