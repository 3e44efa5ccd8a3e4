import { createHash } from 'node:crypto';

import { type RecordedEvent, isBallotBox } from '#domain';

import { StreamHash } from './stream-hash.ts';

const FIRST_VERSION = /^([0-9a-f]{64})@(-1|\d{1,19})$/;
const SECOND_VERSION = /^v2-([0-9a-f]{64})@(-1|\d{1,19})\+(-1|\d{1,19})$/;

/** Up to where a commitment goes: revisions of the ballot box and, in version 2, of the poll's own stream. */
export interface Extent {
  readonly box: bigint;
  readonly poll?: bigint;
}

/** Whether a text is a commitment, of any version, as a report ends with it. */
export const isCommitment = (text: string): boolean => FIRST_VERSION.test(text) || SECOND_VERSION.test(text);

/** @throws TypeError when it is none */
export function extentOf(commitment: string): Extent {
  const second = SECOND_VERSION.exec(commitment);
  if (second !== null) return { poll: BigInt(second[2]!), box: BigInt(second[3]!) };
  const first = FIRST_VERSION.exec(commitment);
  if (first === null) throw new TypeError(`not a commitment: ${commitment}`);
  return { box: BigInt(first[2]!) };
}

/** A stream's hash as it grows. */
class Part {
  revision = -1n;
  /** Where it ended at the mark, and at the revision that was asked for. */
  marked: { readonly revision: bigint; readonly digest: string } | undefined;
  asked: string | undefined;
  private readonly hash = new StreamHash();

  constructor(private readonly upTo: bigint | undefined) {}

  add(event: RecordedEvent): void {
    if (this.upTo !== undefined && event.revision > this.upTo) this.asked ??= this.hash.digest();
    this.hash.add(event);
    this.revision = event.revision;
  }

  /** Later events are no part of what is committed to. */
  mark(): void {
    this.marked ??= this.now();
  }

  now(): { readonly revision: bigint; readonly digest: string } {
    return { revision: this.revision, digest: this.hash.digest() };
  }
}

/**
 * What a report commits to. Version 1 is the ballot box alone, to its end. Version 2 binds the poll's id, its own stream up to
 * `PollClosed` and the box up to the cut: so it never changes once the poll is closed and cut.
 */
export class Commitment {
  private readonly poll: Part;
  private readonly box: Part;

  /** @param asked of an earlier report: what it covers is hashed alone, too */
  constructor(
    private readonly pollId: string,
    private readonly asked?: Extent,
  ) {
    this.poll = new Part(asked?.poll);
    this.box = new Part(asked?.box);
  }

  add(event: RecordedEvent): void {
    if (isBallotBox(event.stream)) this.addTo(this.box, event, 'BallotBoxClosed');
    else this.addTo(this.poll, event, 'PollClosed');
  }

  /** `<sha256>@<revision>` over the whole box. */
  first(): string {
    const { digest, revision } = this.box.now();
    return `${digest}@${String(revision)}`;
  }

  /** `v2-<sha256>@<revision of the poll's own stream>+<revision of the box>`. */
  second(): string {
    return this.bind(this.poll.marked ?? this.poll.now(), this.box.marked ?? this.box.now());
  }

  /** The commitment to what the earlier report covered, as it is now; where there is less now, to all of it. */
  again(): string | undefined {
    if (this.asked === undefined) return undefined;
    const box =
      this.asked.box < this.box.revision ? { revision: this.asked.box, digest: this.box.asked! } : this.box.now();
    if (this.asked.poll === undefined) return `${box.digest}@${String(box.revision)}`;
    const { poll } = this;
    return this.bind(
      this.asked.poll < poll.revision ? { revision: this.asked.poll, digest: poll.asked! } : poll.now(),
      box,
    );
  }

  private addTo(part: Part, event: RecordedEvent, last: string): void {
    part.add(event);
    if (event.type === last) part.mark();
  }

  private bind(poll: ReturnType<Part['now']>, box: ReturnType<Part['now']>): string {
    const [pollRevision, boxRevision] = [String(poll.revision), String(box.revision)];
    const bound = JSON.stringify(['paredao', 2, this.pollId, pollRevision, poll.digest, boxRevision, box.digest]);
    return `v2-${createHash('sha256').update(bound).digest('hex')}@${pollRevision}+${boxRevision}`;
  }
}
