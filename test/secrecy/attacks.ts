/** What ties votes to addresses, given all that an operator has: files of logs and records, and the event log. */

/** A line that has an address. */
export interface Sighting {
  readonly address: string;
  readonly about: 'vote' | 'challenge' | 'other';
  /** Whole seconds since the epoch; undefined where the line has no time. */
  readonly second: number | undefined;
}

/** A vote as the event log has it. */
export interface StoredVote {
  readonly participantId: number;
  /** ms since the epoch: when it was recorded, was cast, and when its challenge expires. */
  readonly recordedAt: number;
  readonly castAt: number;
  readonly expiresAt: number;
  /** What the event says of the price. */
  readonly price: string;
}

/** How an attack would have an address' votes: address → participants in the order of the address' votes. */
export type Guess = ReadonlyMap<string, readonly (number | undefined)[]>;

/** Everything that the operator holds. */
export interface Holdings {
  readonly sightings: readonly Sighting[];
  readonly votes: readonly StoredVote[];
  /** Challenges live so long, ms. */
  readonly lifetimeMs: number;
}

const TAKEN_VOTE = /\/votar\/.*\b201\b/;
const TIMES = /"asctime":"([^"]+)"|^(\d{10})(?:\.\d+)? /;

/** The lines that have one of the addresses, in their order. */
export function sightingsIn(text: string, addresses: RegExp): Sighting[] {
  return text.split('\n').flatMap((line) => {
    const address = addresses.exec(line)?.[0];
    if (address === undefined) return [];
    const [, iso, epoch] = TIMES.exec(line) ?? [];
    const time = iso === undefined ? Number(epoch) * 1000 : Date.parse(iso);
    const about = TAKEN_VOTE.test(line) ? 'vote' : line.includes('/desafio') ? 'challenge' : 'other';
    return [{ address, about, second: Number.isNaN(time) ? undefined : Math.floor(time / 1000) }];
  });
}

const secondOf = (time: number): number => Math.floor(time / 1000);

function guessEach(
  sightings: readonly Sighting[],
  guess: (sighting: Sighting, index: number) => number | undefined,
): Guess {
  const guesses = new Map<string, (number | undefined)[]>();
  sightings
    .filter(({ about }) => about === 'vote')
    .forEach((sighting, index) => {
      const own = guesses.get(sighting.address) ?? [];
      guesses.set(sighting.address, [...own, guess(sighting, index)]);
    });
  return guesses;
}

/** The participant that most of these votes are for. */
function majority(votes: readonly StoredVote[]): number | undefined {
  const counts = new Map<number, number>();
  for (const { participantId } of votes) counts.set(participantId, (counts.get(participantId) ?? 0) + 1);
  return [...counts].sort(([, one], [, other]) => other - one)[0]?.[0];
}

/** The n-th line about a vote is the n-th vote of the log. */
const byOrder = ({ sightings, votes }: Holdings): Guess =>
  guessEach(sightings, (_sighting, index) => votes[index]?.participantId);

/** A vote was cast in the second of its line, and its challenge was issued in the second of another line of the address. */
function bySeconds({ sightings, votes, lifetimeMs }: Holdings): Guess {
  const challenges = new Set(
    sightings.filter(({ about }) => about === 'challenge').map(({ address, second }) => `${address} ${String(second)}`),
  );
  return guessEach(sightings, ({ address, second }) =>
    majority(
      votes.filter(({ recordedAt, castAt, expiresAt }) => {
        const issued = secondOf(expiresAt - lifetimeMs);
        const isNear = [secondOf(castAt), secondOf(recordedAt)].some((cast) => cast === second || cast + 1 === second);
        return isNear && [0, 1].some((late) => challenges.has(`${address} ${String(issued + late)}`));
      }),
    ),
  );
}

/** How often each address is in lines, or what its line in a record says. */
function activity(sightings: readonly Sighting[]): [string, number][] {
  const counts = new Map<string, number>();
  for (const { address } of sightings) counts.set(address, (counts.get(address) ?? 0) + 1);
  return [...counts].sort(([, one], [, other]) => other - one);
}

/** Whoever did most pays most: dear votes are theirs, each chain of a price of its own one address. */
function byPrice({ sightings, votes }: Holdings): Guess {
  const chains = [...Map.groupBy(votes, ({ price }) => price).values()].sort((one, other) => one.length - other.length);
  chains.pop();
  const busiest = activity(sightings);
  return new Map(
    chains
      .sort((one, other) => other.length - one.length)
      .flatMap((chain, rank) => {
        const [address] = busiest[rank] ?? [];
        return address === undefined ? [] : [[address, chain.map(({ participantId }) => participantId)] as const];
      }),
  );
}

/** Votes of the log handed out to addresses by how much each did, in the order of the log. */
function byCount({ sightings, votes }: Holdings): Guess {
  const all = activity(sightings);
  const total = all.reduce((sum, [, count]) => sum + count, 0);
  let at = 0;
  return new Map(
    all.map(([address, count]) => {
      const share = Math.round((count / total) * votes.length);
      const own = votes.slice(at, (at += share)).map(({ participantId }) => participantId);
      return [address, own];
    }),
  );
}

/** An address votes as it mostly did: what another attack learnt of some of its votes, said of all of them. */
function byFavourite(guess: Guess): Guess {
  return new Map(
    [...guess].map(([address, own]) => {
      const favourite = majority(
        own.flatMap((participantId) => (participantId === undefined ? [] : [{ participantId } as StoredVote])),
      );
      return [address, own.map(() => favourite)];
    }),
  );
}

/** All attacks, by name. */
export function attack(holdings: Holdings): Record<string, Guess> {
  const joins = {
    order: byOrder(holdings),
    seconds: bySeconds(holdings),
    price: byPrice(holdings),
    count: byCount(holdings),
  };
  const favourites = Object.entries(joins).map(
    ([name, guess]) => [`${name}, then favourite`, byFavourite(guess)] as const,
  );
  return { ...joins, ...Object.fromEntries(favourites) };
}

/**
 * The share of votes for which an attack says the right participant; of which it says nothing, it takes the winner's.
 * @param truth address → whom it voted for, in its order
 */
export function successOf(guess: Guess, truth: ReadonlyMap<string, readonly number[]>, winner: number): number {
  let [right, all] = [0, 0];
  for (const [address, own] of truth) {
    own.forEach((participantId, index) => {
      all++;
      if ((guess.get(address)?.[index] ?? winner) === participantId) right++;
    });
  }
  return right / all;
}
