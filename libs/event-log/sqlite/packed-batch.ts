import type { NewEvent } from '../event-log.ts';

const ID_LENGTH = 36;

/**
 * A batch on its way to another thread: few values, because each one that is copied costs, and the bytes of all events in
 * one buffer, which is handed over.
 */
export interface PackedBatch {
  /** UUIDs, one behind the other. */
  readonly ids: string;
  readonly types: readonly string[];
  readonly versions: readonly number[];
  /** Where each event's data ends in `data`. */
  readonly ends: readonly number[];
  readonly data: Uint8Array<ArrayBuffer>;
}

export function pack(events: readonly NewEvent[]): PackedBatch {
  let [ids, size] = ['', 0];
  for (const event of events) {
    ids += event.id;
    size += event.data.byteLength;
  }
  // never empty: Node 24.0 stores a view of an empty buffer as NULL
  const data = new Uint8Array(Math.max(size, 1));
  const types: string[] = [];
  const versions: number[] = [];
  const ends: number[] = [];
  let end = 0;
  for (const event of events) {
    data.set(event.data, end);
    ends.push((end += event.data.byteLength));
    types.push(event.type);
    versions.push(event.version);
  }
  return { ids, types, versions, ends, data };
}

export const unpack = ({ ids, types, versions, ends, data }: PackedBatch): NewEvent[] =>
  ends.map((end, index) => ({
    id: ids.slice(index * ID_LENGTH, (index + 1) * ID_LENGTH),
    type: types[index]!,
    version: versions[index]!,
    data: data.subarray(ends[index - 1] ?? 0, end),
  }));
