import type { RecordedEvent } from '#domain';

/** What a recount makes of a vote. */
export type Verdict = 'counted' | 'late' | 'expired' | 'quarantined';

/** The numbers of a tally that a recount can be compared with. */
export interface CountedNumbers {
  /** Counted votes of participant 1, 2, … */
  readonly votes: readonly number[];
  /** Start of each UTC hour (`2026-11-23T22`) → counted votes of participant 1, 2, … */
  readonly hours: Readonly<Record<string, readonly number[]>>;
  readonly duplicates: number;
  readonly late: number;
  readonly expired: number;
  readonly quarantined: number;
  readonly final: boolean;
  /** Revision of the last event of the ballot box, -1 when it is empty. */
  readonly revision: string;
}

interface Ballot {
  readonly voteId: string;
  readonly participantId: number;
  readonly castAt: string;
  readonly expiresAt: string;
  readonly humanCheck: Readonly<Record<string, unknown>>;
}

/** What the human check says of itself, by the version of the vote. */
const KEYS: Readonly<Record<number, readonly string[]>> = {
  1: ['provider', 'difficulty'],
  2: ['provider', 'price', 'evidence'],
};

/** In version 1 an id is remembered until its challenge expired and this much longer, ms. */
const GRACE_MS = 60_000;
const HOUR_LENGTH = 13;

/**
 * Counts a ballot box a second time, from the rules alone: with a plain Map of ids that forgets nothing, and none of the
 * service's own code. Feed it every event of the box once, in order.
 */
export class Recount {
  /** Every readable vote by its id: its participant, and what its first occurrence was. */
  readonly ballots = new Map<string, { readonly participant: number; readonly verdict: Verdict }>();
  private readonly verdicts: Record<Verdict, number> = { counted: 0, late: 0, expired: 0, quarantined: 0 };
  private readonly votes: number[];
  private readonly hours: Record<string, number[]> = {};
  private duplicates = 0;
  private unreadable = 0;
  private clock = 0;
  private closed = false;
  private revision = -1n;
  /** Revisions that are missing or come twice. */
  gaps = 0;

  /** @param participants how many take part in the poll */
  constructor(private readonly participants = 2) {
    this.votes = new Array<number>(participants).fill(0);
  }

  add(event: RecordedEvent): void {
    if (event.revision !== this.revision + 1n) this.gaps++;
    this.revision = event.revision;
    this.clock = Math.max(this.clock, event.recordedAt);
    if (event.type === 'BallotBoxOpened' && event.revision === 0n) return;
    if (event.type === 'BallotBoxClosed') {
      this.closed = true;
      return;
    }
    const ballot = event.type === 'VoteCast' ? readBallot(event) : undefined;
    if (ballot === undefined) this.unreadable++;
    else this.addBallot(ballot, event.version);
  }

  /** Different votes in the box; one that cannot be read is one. */
  get distinct(): number {
    return this.ballots.size + this.unreadable;
  }

  numbers(): CountedNumbers {
    const { votes, hours, duplicates, closed, revision } = this;
    const { late, expired, quarantined } = this.verdicts;
    return {
      votes,
      hours,
      duplicates,
      late,
      expired,
      quarantined: quarantined + this.unreadable,
      final: closed,
      revision: String(revision),
    };
  }

  private addBallot(ballot: Ballot, version: number): void {
    const { voteId, participantId: participant } = ballot;
    const verdict = this.judge(ballot, version);
    if (verdict === 'duplicate') {
      this.duplicates++;
      return;
    }
    this.verdicts[verdict]++;
    if (!this.ballots.has(voteId)) this.ballots.set(voteId, { participant, verdict });
    if (verdict !== 'counted') return;
    this.votes[participant - 1] = (this.votes[participant - 1] ?? 0) + 1;
    const hour = (this.hours[ballot.castAt.slice(0, HOUR_LENGTH)] ??= new Array<number>(this.participants).fill(0));
    hour[participant - 1] = (hour[participant - 1] ?? 0) + 1;
  }

  private judge({ voteId, participantId, expiresAt }: Ballot, version: number): Verdict | 'duplicate' {
    if (version === 1 && this.clock > Date.parse(expiresAt) + GRACE_MS) return 'expired';
    if (this.ballots.has(voteId)) return 'duplicate';
    if (participantId > this.participants) return 'quarantined';
    return this.closed ? 'late' : 'counted';
  }
}

/** @returns undefined for bytes that are not a vote in its one canonical form */
function readBallot({ version, data }: RecordedEvent): Ballot | undefined {
  const keys = KEYS[version];
  if (keys === undefined) return undefined;
  const text = Buffer.from(data).toString('utf8');
  try {
    const { voteId, participantId, castAt, expiresAt, humanCheck } = JSON.parse(text) as Ballot;
    const proof = Object.fromEntries(keys.map((key) => [key, humanCheck[key]]));
    const ballot = { voteId, participantId, castAt, expiresAt, humanCheck: proof };
    const times = [castAt, expiresAt].every((time) => new Date(time).toISOString() === time);
    const isVote = /^[0-9a-f]{32}$/.test(voteId) && Number.isInteger(participantId) && participantId > 0 && times;
    return isVote && JSON.stringify(ballot) === text ? ballot : undefined;
  } catch {
    return undefined;
  }
}
