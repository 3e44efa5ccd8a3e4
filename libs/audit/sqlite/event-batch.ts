import type { BoxEvent } from './sql-recount.ts';

/** Of a batch, which grows. */
const FIRST_BYTES = 1 << 20;

/** Events in a form that goes from thread to thread as it is: their bytes are in one piece, which can be transferred. */
export interface EventBatch {
  readonly revisions: readonly bigint[];
  readonly ids: readonly string[];
  readonly recordedAt: readonly number[];
  readonly types: readonly string[];
  readonly versions: readonly number[];
  /** Where the bytes of each event end. */
  readonly ends: readonly number[];
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** Gathers events. Their bytes are copied, so that nothing else of a page is kept. */
export class BatchBuilder {
  private revisions: bigint[] = [];
  private ids: string[] = [];
  private recordedAt: number[] = [];
  private types: string[] = [];
  private versions: number[] = [];
  private ends: number[] = [];
  private bytes = new Uint8Array(FIRST_BYTES);
  private end = 0;

  add({ revision, id, recordedAt, type, version, data }: BoxEvent): void {
    this.makeRoom(data.byteLength);
    this.bytes.set(data, this.end);
    this.end += data.byteLength;
    this.revisions.push(revision);
    this.ids.push(id);
    this.recordedAt.push(recordedAt);
    this.types.push(type);
    this.versions.push(version);
    this.ends.push(this.end);
  }

  /** What was gathered; the builder is of no use any more. */
  build(): EventBatch {
    const { revisions, ids, recordedAt, types, versions, ends, bytes } = this;
    return { revisions, ids, recordedAt, types, versions, ends, bytes };
  }

  private makeRoom(bytes: number): void {
    const needed = this.end + bytes;
    if (needed <= this.bytes.length) return;
    const larger = new Uint8Array(Math.max(this.bytes.length * 2, needed));
    larger.set(this.bytes);
    this.bytes = larger;
  }
}

/** The events of a batch, in their order. */
export function* unpack({ revisions, ids, recordedAt, types, versions, ends, bytes }: EventBatch): Iterable<BoxEvent> {
  for (const [index, revision] of revisions.entries()) {
    const data = bytes.subarray(ends[index - 1] ?? 0, ends[index]);
    const [id, type, version] = [ids[index]!, types[index]!, versions[index]!];
    yield { revision, id, recordedAt: recordedAt[index]!, type, version, data };
  }
}
