import {
  BALLOT_BOX_CLOSED,
  BALLOT_BOX_OPENED,
  type BallotBoxClosed,
  type RecordedEvent,
  UnreadableEventError,
  ballotBoxStream,
  decisionIn,
  decodeBallotBoxClosed,
  isBallotBox,
} from '#domain';
import { type Acts, ActsLog, type BoxFacts, boxDifferences, boxFactsIn, openedIn, openingId } from '#seal';

import { checked, inapplicable } from './checks.ts';
import type { Evidence } from './evidence.ts';
import { Findings, finding, placeOf } from './findings.ts';
import { plain } from './plain.ts';
import type { Check } from './report.ts';

/** What opens a box is written with the opening of the poll, ms: an empty box that is older than this lost it. */
const OPENING_LIMIT_MS = 60_000;

/** Looks at what opens and closes a ballot box: whether it is what the poll's own stream says of the poll, and commits to that stream. */
export class BoxWatch {
  readonly findings = new Findings();
  /** Of the poll's own stream, as far as it was read before the box: what its box has to say. */
  facts: BoxFacts | undefined;
  private readonly acts = new ActsLog();
  private readonly decisions: RecordedEvent[] = [];
  private closing: Acts | undefined;
  private isEmpty = true;

  constructor(private readonly pollId: string) {}

  add(event: RecordedEvent): void {
    if (!isBallotBox(event.stream)) return this.addDecision(event);
    if (this.isEmpty) this.addFirst(event);
    this.isEmpty = false;
    if (event.type === BALLOT_BOX_CLOSED) this.addCut(event);
  }

  /** Notes what is missing at the end. @param asOf the end, ms since the epoch */
  finish(asOf: number): void {
    const { facts } = this;
    if (facts === undefined || !this.isEmpty || asOf - Date.parse(facts.openedAt) <= OPENING_LIMIT_MS) return;
    this.findings.add(finding('box-not-opened', { stream: ballotBoxStream(this.pollId) }, facts.openedAt));
  }

  private addDecision(event: RecordedEvent): void {
    this.acts.add(event);
    const decision = decisionIn(event);
    if (this.facts === undefined) {
      this.decisions.push(event);
      if (decision?.type === 'PollOpened') this.facts = boxFactsIn(this.decisions);
    }
    if (decision?.type === 'PollClosed') this.closing ??= this.acts.acts;
  }

  private addFirst(event: RecordedEvent): void {
    const { facts } = this;
    const isOpening = event.type === BALLOT_BOX_OPENED;
    const opened = openedIn(event);
    if (facts === undefined && isOpening) this.findings.add(finding('box-opened-unasked', placeOf(event)));
    if (facts === undefined) return;
    if (opened === undefined) {
      this.findings.add(finding('box-not-opened', placeOf(event), facts.openedAt, event.type));
      return;
    }
    for (const { part, expected, actual } of boxDifferences(opened, facts))
      this.findings.add(finding('box-opening-differs', { ...placeOf(event), part }, plain(expected), plain(actual)));
    const id = openingId(this.pollId);
    if (event.id !== id)
      this.findings.add(finding('box-opening-differs', { ...placeOf(event), part: 'id' }, id, event.id));
  }

  private addCut(event: RecordedEvent): void {
    const expected = this.facts === undefined ? undefined : this.closing;
    const actual = actsIn(event);
    if (JSON.stringify(expected) === JSON.stringify(actual)) return;
    this.findings.add(finding('cut-acts-differ', placeOf(event), plain(expected), plain(actual)));
  }
}

function actsIn(event: RecordedEvent): BallotBoxClosed['acts'] {
  try {
    return decodeBallotBoxClosed(event).acts;
  } catch (error) {
    // its bytes are a finding of their own
    if (!(error instanceof UnreadableEventError)) throw error;
    return undefined;
  }
}

/** Whether the box opens with what the poll is, and closes over what was decided. */
export function boxCheck({ recount, next, options: { source } }: Evidence): Check {
  const { boxWatch } = recount;
  boxWatch.finish((next === undefined ? source.asOf() : undefined) ?? recount.lastRecordedAt ?? 0);
  const { facts, findings } = boxWatch;
  if (facts === undefined && findings.count === 0) return inapplicable('box', 'no-opening');
  return checked('box', { code: 'opening', count: facts?.acts.size ?? 0 }, findings);
}
