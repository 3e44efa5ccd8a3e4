import type { RecordedEvent } from '#domain';
import type { EventLog } from '#event-log';

/**
 * The first revision of a stream that was recorded at most `durationMs` before its last one; before now, where the log's clock is
 * ahead of this host's: it may have been set forwards and does not run backwards. It takes some 50 small reads, however long the
 * stream is. Where the log's clock runs backwards there may be more than one such place.
 * @param most revisions at the end of the stream at most
 */
export async function tailOf(log: EventLog, stream: string, durationMs: number, most: number): Promise<bigint> {
  const at = (revision: bigint): Promise<RecordedEvent | undefined> => eventAt(log, stream, revision);
  const end = await firstWhere(async (revision) => (await at(revision)) === undefined);
  if (end === 0n) return 0n;
  const since = Math.min((await at(end - 1n))!.recordedAt, Date.now()) - durationMs;
  const from = await firstWhere(async (revision) => ((await at(revision))?.recordedAt ?? Infinity) >= since);
  const longest = end - BigInt(most);
  return from > longest ? from : longest;
}

/** The first number from 0 on for which something holds, where it holds for all behind it. */
async function firstWhere(holds: (revision: bigint) => Promise<boolean>): Promise<bigint> {
  let [low, high] = [0n, 0n];
  for (; !(await holds(high)); high = high * 2n + 1n) low = high + 1n;
  while (low < high) {
    const middle = (low + high) / 2n;
    if (await holds(middle)) high = middle;
    else low = middle + 1n;
  }
  return low;
}

async function eventAt(log: EventLog, stream: string, revision: bigint): Promise<RecordedEvent | undefined> {
  for await (const [event] of log.read(stream, revision)) return event;
  return undefined;
}
