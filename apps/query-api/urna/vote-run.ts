import { VoteCodec, type RecordedEvent } from '#domain';
import { RECORD_BYTES, prefixOf, writeRecord } from '#receipts';
import { type BuiltTile, sha256 } from '#transparency';

/** Events of a run. While it is made it takes 40 bytes of memory for each of them. */
export const RUN_EVENTS = 2 ** 19;

/**
 * The records of the votes among so many events of a ballot box, gathered by the beginnings of their ids: a row for each beginning,
 * also where there is no vote, so that a row that is not there was lost.
 */
export class VoteRun {
  private readonly records: Uint8Array;
  private readonly prefixes: Uint32Array;
  private readonly codec = new VoteCodec();
  private count = 0;

  /**
   * @param number of the run, from 0
   * @param bits of an id that say its row
   * @param events that it is made of, at most `RUN_EVENTS`
   */
  constructor(
    private readonly number: number,
    private readonly bits: number,
    events: number,
  ) {
    this.records = new Uint8Array(events * RECORD_BYTES);
    this.prefixes = new Uint32Array(events);
  }

  add(event: RecordedEvent): void {
    const vote = this.codec.voteIn(event);
    if (vote === undefined) return;
    const id = sha256(vote.voteId);
    this.prefixes[this.count] = prefixOf(id, this.bits);
    const { participantId: participant } = vote;
    writeRecord(this.records, this.count * RECORD_BYTES, { id, participant, index: Number(event.revision) });
    this.count++;
  }

  /** The rows, as the store of tiles takes them: records are as long as hashes. The first is a mark that the row is there. */
  *rows(): Generator<BuiltTile> {
    const ends = new Uint32Array(2 ** this.bits);
    for (const prefix of this.prefixes.subarray(0, this.count)) ends[prefix]!++;
    for (let [prefix, end] = [0, 0]; prefix < ends.length; prefix++) ends[prefix] = end += ends[prefix]!;
    const order = new Uint32Array(this.count);
    for (let at = this.count - 1; at >= 0; at--) order[--ends[this.prefixes[at]!]!] = at;
    // now each of them is where its row begins
    for (let prefix = 0; prefix < ends.length; prefix++) {
      const row = order.subarray(ends[prefix], ends[prefix + 1] ?? this.count);
      const hashes = new Uint8Array((1 + row.length) * RECORD_BYTES);
      for (const [place, at] of row.entries())
        hashes.set(this.records.subarray(at * RECORD_BYTES, (at + 1) * RECORD_BYTES), (1 + place) * RECORD_BYTES);
      yield { tile: { level: this.number, index: prefix, width: 1 + row.length }, hashes };
    }
  }
}
