import { type RecordedEvent, isBallotBox, decisionIn } from '#domain';

import { asRead } from './as-read.ts';
import { isoOf } from './order-check.ts';

/** A time in which a poll took no votes. Times are those that the decisions say, UTC ISO-8601. */
export interface Pause {
  readonly pausedAt: string;
  readonly pausedBy: string;
  /** Null while it lasts, and where the closing ended it. */
  readonly resumedAt: string | null;
  readonly resumedBy: string | null;
  /** Vote events that the log recorded during it, on their way when it began. They are counted like all others. */
  readonly votes: number;
  /** When it recorded the last of them. */
  readonly lastVoteAt: string | null;
}

/** Finds the pauses of a poll, and the votes that the log recorded during each: its order decides, no clock. */
export class PauseWatch {
  readonly pauses: Pause[] = [];
  private isPaused = false;

  /** @param event of either stream, in the order of the log */
  add(event: RecordedEvent): void {
    if (!isBallotBox(event.stream)) this.addDecision(event);
    else if (this.isPaused && asRead(event).type === 'VoteCast') this.addVote(event);
  }

  private addVote({ recordedAt }: RecordedEvent): void {
    const pause = this.pauses.pop()!;
    this.pauses.push({ ...pause, votes: pause.votes + 1, lastVoteAt: isoOf(recordedAt) });
  }

  private addDecision(event: RecordedEvent): void {
    const decision = decisionIn(event);
    if (decision?.type === 'PollPaused' && !this.isPaused) {
      const { pausedAt, by: pausedBy } = decision;
      this.pauses.push({ pausedAt, pausedBy, resumedAt: null, resumedBy: null, votes: 0, lastVoteAt: null });
      this.isPaused = true;
    } else if (decision?.type === 'PollResumed' && this.isPaused) {
      const { resumedAt, by: resumedBy } = decision;
      this.pauses.push({ ...this.pauses.pop()!, resumedAt, resumedBy });
      this.isPaused = false;
    } else if (decision?.type === 'PollClosed') this.isPaused = false;
  }
}
