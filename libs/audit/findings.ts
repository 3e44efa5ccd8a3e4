import type { RecordedEvent } from '#domain';

/** What can be wrong. `render/words.ts` says each of them in Portuguese. */
export type FindingCode =
  // the file
  | 'broken-line'
  | 'missing-manifest'
  | 'manifest-differs'
  // the order
  | 'no-events'
  | 'missing-revisions'
  | 'revision-out-of-order'
  | 'position-out-of-order'
  | 'recorded-earlier'
  // all polls
  | 'missing-poll'
  | 'unknown-stream'
  | 'missing-events'
  | 'foreign-tally'
  | 'tally-ahead'
  | 'checkpoint-ahead'
  | 'not-a-checkpoint'
  // ids of events
  | 'invalid-event-id'
  | 'repeated-event-id'
  // bytes
  | 'quarantined'
  | 'not-canonical'
  | 'forged-photo'
  | 'missing-photo'
  // times
  | 'impossible-times'
  | 'impossible-lifetime'
  // decisions and the cut
  | 'event-of-another-poll'
  | 'decision-out-of-state'
  | 'recorded-at-another-time'
  | 'vote-before-opening'
  | 'vote-after-closing'
  | 'cut-out-of-state'
  | 'missing-cut'
  | 'seal-without-cut'
  // what opens and closes the box
  | 'box-not-opened'
  | 'box-opened-unasked'
  | 'box-opening-differs'
  | 'cut-acts-differ'
  // what was signed of its logs, and what was kept of that elsewhere
  | 'no-keys'
  | 'keys-not-proven'
  | 'signed-head-not-proven'
  | 'signed-head-differs'
  | 'signed-head-ahead'
  | 'not-sealed'
  | 'seal-overruled'
  | 'anchor-without-log'
  | 'anchor-of-another-log'
  | 'anchor-not-proven'
  | 'anchor-ahead'
  | 'anchor-differs'
  | 'witness-signed-none'
  | 'paper-differs'
  // what voters were given
  | 'receipt-without-log'
  | 'receipt-of-another-box'
  | 'receipt-not-proven'
  | 'receipt-not-in-box'
  | 'receipt-late'
  | 'receipt-raced'
  | 'receipt-of-other-keys'
  | 'kept-keys-not-proven'
  | 'kept-keys-differ'
  // votes that come again, and their evidence
  | 'repeat-differs'
  | 'raced-vote'
  | 'evidence-key-differs'
  | 'missing-evidence-key'
  | 'false-evidence'
  // sums and comparisons
  | 'outcomes-do-not-add-up'
  | 'hours-do-not-add-up'
  | 'recounts-differ'
  | 'tally-differs'
  | 'tally-digest-differs'
  | 'window-too-late'
  | 'no-tally'
  | 'not-a-tally'
  | 'published-differs'
  | 'other-poll-published'
  | 'other-poll-by-default'
  | 'behind-the-log'
  // what was said on air
  | 'announced-differs'
  | 'announced-sum-differs'
  | 'announced-nobody'
  | 'announced-other-order'
  | 'announced-same-order'
  | 'announced-swapped'
  | 'announced-uncounted'
  | 'announced-rounded'
  | 'commitment-differs'
  // what was signed and released
  | 'signed-differs'
  | 'released-unexplained';

/** JSON. */
export type Value = string | number | boolean | null | readonly Value[] | { readonly [key: string]: Value };

/** Where it is: as much as there is to say. Revisions are texts, as everywhere in JSON. */
export interface Place {
  readonly poll?: string;
  readonly stream?: string;
  readonly revision?: string;
  /** Of several events: the last one. */
  readonly lastRevision?: string;
  /** Name of a file. */
  readonly file?: string;
  /** Line of a file, from 1. */
  readonly line?: number;
  /** Number of a participant. */
  readonly participant?: number;
  /** UTC hour, `2026-11-23T22`. */
  readonly hour?: string;
  /** Which field of a tally, a total, a manifest. */
  readonly part?: string;
}

/** Something that is not as it should be: data, no text. */
export interface Finding {
  readonly code: FindingCode;
  readonly at: Place;
  /** Null where there is nothing to say. */
  readonly expected: Value;
  readonly actual: Value;
}

export const finding = (code: FindingCode, at: Place, expected: Value = null, actual: Value = null): Finding => ({
  code,
  at,
  expected,
  actual,
});

export const placeOf = ({ stream, revision }: Pick<RecordedEvent, 'stream' | 'revision'>): Place => ({
  stream,
  revision: String(revision),
});

/** Findings shown of each kind; all of them are counted. */
const SHOWN = 20;

/** What does not agree: the first of it, and how much there is. A broken log of millions stays a short list. */
export class Findings {
  readonly shown: Finding[] = [];
  count = 0;

  static of(findings: Iterable<Finding>): Findings {
    const all = new Findings();
    all.add(...findings);
    return all;
  }

  add(...findings: readonly Finding[]): void {
    this.count += findings.length;
    this.shown.push(...findings.slice(0, Math.max(0, SHOWN - this.shown.length)));
  }

  /** Adds what was gathered elsewhere, with what is counted only. */
  addAll({ shown, count }: Pick<Findings, 'shown' | 'count'>): void {
    this.add(...shown);
    this.count += count - shown.length;
  }
}

/** Of one question: what is wrong, and what is odd and may be honest, such as clocks that were set. */
export class Observed {
  readonly wrong = new Findings();
  readonly odd = new Findings();
}
