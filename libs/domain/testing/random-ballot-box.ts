import { type Entry, HOUR, MINUTE, NOON, boxOpened, cut, strange, vote, voteOfRule2 } from './ballot-box.ts';
import { randomFrom } from './random.ts';

const LENGTH = 20;
const CHALLENGES = 7;

/**
 * A ballot box in which everything goes wrong that can: votes resent, replayed, expired and forged with another expiry,
 * host clocks that jump both ways, shared positions, strange events, unknown participants, openings, cuts.
 */
export function randomBallotBox(seed: number, rule: 1 | 2 = 1, participants = 2): Entry[] {
  const random = randomFrom(seed);
  let now = NOON;
  const opening = random(2) === 0 ? [boxOpened()] : [];
  const rest = Array.from({ length: 1 + random(LENGTH) }, () => {
    now += clockStep(random);
    const kind = random(40);
    if (kind === 0) return cut(now);
    if (kind === 1) return strange({ type: 'VoteWithdrawn' }, now);
    if (kind === 2) return strange({ data: Buffer.from('{}') }, now);
    if (kind === 3) return boxOpened();
    return { ...randomVote(random, now, rule, participants), sharesPosition: random(3) === 0 };
  });
  return [...opening, ...rest];
}

function randomVote(random: (limit: number) => number, now: number, rule: 1 | 2, participants: number): Entry {
  const challenge = random(CHALLENGES);
  // what a challenge says of itself is the same in all its copies, but for a forged one in a hundred
  const issued = NOON + challenge * 50_123 + (random(100) === 0 ? random(HOUR) : 0);
  const participant = random(30) === 0 ? participants + 1 : 1 + random(participants);
  const castAt = issued + random(5) * MINUTE;
  const cast = rule === 1 ? vote : voteOfRule2;
  return cast(`c${challenge}`, participant, { castAt, recordedAt: now, expiresAt: issued + 5 * MINUTE });
}

/** Mostly a little later; sometimes much, at times back, often the very same millisecond. */
function clockStep(random: (limit: number) => number): number {
  const kind = random(20);
  if (kind === 0) return random(8) * MINUTE;
  if (kind === 1) return -random(4) * MINUTE;
  return kind < 8 ? 0 : random(30_000);
}
