import { type RecordedEvent, type TallySnapshot, VoteCodec } from '../index.ts';

type Recounted = Pick<TallySnapshot, 'votes' | 'hours' | 'duplicates' | 'late' | 'expired' | 'quarantined'>;

/**
 * Rule 2 once more, as simple as can be: an id, with the expiry that its challenge binds to it, counts when it is there for the
 * first time.
 */
export function recountByRule2(box: readonly RecordedEvent[], participants = 2): Recounted {
  const nobody = (): number[] => new Array<number>(participants).fill(0);
  const seen = new Set<string>();
  const hours: Record<string, number[]> = {};
  const result = { votes: nobody(), hours, duplicates: 0, late: 0, expired: 0, quarantined: 0 };
  let isCut = false;
  for (const event of box.slice(openingIn(box))) {
    const vote = new VoteCodec(1024).voteIn(event);
    if (event.type === 'BallotBoxClosed') isCut = true;
    else if (vote === undefined) result.quarantined++;
    else if (seen.has(`${vote.voteId} ${vote.expiresAt}`)) result.duplicates++;
    else if (vote.participantId > participants) result.quarantined++;
    else if (isCut) result.late++;
    else {
      const hour = (hours[new Date(vote.castAt).toISOString().slice(0, 13)] ??= nobody());
      for (const counts of [result.votes, hour]) counts[vote.participantId - 1]!++;
    }
    if (vote !== undefined) seen.add(`${vote.voteId} ${vote.expiresAt}`);
  }
  return result;
}

/** How many events open the box: the first one, or none. */
const openingIn = ([first]: readonly RecordedEvent[]): number => Number(first?.type === 'BallotBoxOpened');
