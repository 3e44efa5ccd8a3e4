import {
  type EventContent,
  type PollEvent,
  type RecordedEvent,
  type VoteCast,
  ballotBoxStream,
  encodeBallotBoxClosed,
  encodeBallotBoxOpened,
  encodePollEvent,
  encodeVoteCast,
  pollStream,
} from '../index.ts';

export const POLL_ID = 'paredao-1';
/** When the votes of the specs begin. */
export const NOON = Date.UTC(2026, 10, 23, 12);
export const SECOND = 1000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;

/** An event on its way into the log: what it is, and when the log takes it. */
export interface Entry {
  readonly content: EventContent;
  readonly recordedAt: number;
  readonly stream: string;
  /** Stands at the position of the entry before it, as the events of one append may. */
  readonly sharesPosition: boolean;
  /** Where it matters. */
  readonly id?: string;
}

type VoteChange = Partial<VoteCast & Pick<Entry, 'recordedAt' | 'sharesPosition'>>;

const minuteOf = (time: number): number => Math.floor(time / MINUTE) * MINUTE;

export const entry = (content: EventContent, change: Partial<Entry> = {}): Entry => ({
  content,
  recordedAt: NOON,
  stream: ballotBoxStream(POLL_ID),
  sharesPosition: false,
  ...change,
});

/** 32 hexadecimal digits for a short name. */
export const voteIdOf = (name: string): string => Buffer.from(name).toString('hex').padStart(32, '0');

/** A vote that is recorded when it was cast, with a challenge that lives 5 minutes from then. */
export function vote(name: string, participantId = 1, change: VoteChange = {}): Entry {
  const { recordedAt = change.castAt ?? NOON, sharesPosition = false, ...rest } = change;
  const castAt = rest.castAt ?? recordedAt;
  const humanCheck = { provider: 'altcha', difficulty: 1000 };
  const cast = { voteId: voteIdOf(name), participantId, castAt, expiresAt: castAt + 5 * MINUTE, humanCheck, ...rest };
  return entry(encodeVoteCast(cast), { recordedAt, sharesPosition });
}

/** The same as a vote of version 2. */
export function voteOfRule2(name: string, participantId = 1, change: VoteChange = {}): Entry {
  const { castAt = change.recordedAt ?? NOON, expiresAt = castAt + 5 * MINUTE } = change;
  const humanCheck = { provider: 'altcha', price: 'base', evidence: voteIdOf(name) } as const;
  const rounded = { castAt: minuteOf(castAt), expiresAt: minuteOf(expiresAt + MINUTE - 1), humanCheck };
  return vote(name, participantId, { recordedAt: castAt, ...change, ...rounded });
}

/** What opens the box. */
export const boxOpened = (): Entry =>
  entry(
    encodeBallotBoxOpened({
      ...{ pollId: POLL_ID, box: 1, title: 'Quem sai?', openedAt: new Date(NOON).toISOString(), difficulty: 1000 },
      participants: ['Aurora', 'Íris'].map((name, at) => ({ number: at + 1, name })),
      ...{ evidenceKeyHash: '0f'.repeat(32), origin: 'o', keys: 'k', acts: { size: 1, root: 'f0'.repeat(32) } },
    }),
  );

/** The closing cut. */
export const cut = (recordedAt = NOON): Entry =>
  entry(encodeBallotBoxClosed(POLL_ID, new Date(recordedAt).toISOString()), { recordedAt });

/** Something in the ballot box that this version of the code does not know or cannot read. */
export const strange = (content: Partial<EventContent>, recordedAt = NOON): Entry =>
  entry({ type: 'VoteCast', version: 1, data: Buffer.from('{}'), ...content }, { recordedAt });

/** What administrators decided, in the poll's own stream. */
export const decided = (event: PollEvent): Entry => entry(encodePollEvent(event), { stream: pollStream(POLL_ID) });

/** The entries as they stand in a log: gapless revisions for each stream, positions that only grow. */
export function record(entries: readonly Entry[]): RecordedEvent[] {
  const revisions = new Map<string, bigint>();
  let position = 0n;
  return entries.map(({ content, recordedAt, stream, sharesPosition, id: given }, index) => {
    const revision = (revisions.get(stream) ?? -1n) + 1n;
    revisions.set(stream, revision);
    // other streams stand in between, so positions have gaps
    if (!sharesPosition || index === 0) position += 3n;
    const id = given ?? `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`;
    return { stream, revision, position, recordedAt, id, ...content };
  });
}
