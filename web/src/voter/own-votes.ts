import { integer } from '../shared/format.ts';
import { ofBrowser } from '../shared/storage.ts';

const KEY = 'paredao.votos';
/** Polls that are remembered, the latest. */
const MOST = 8;

type Counts = readonly (readonly [paredao: string, votes: number])[];

function kept(): Counts {
  try {
    const counts = JSON.parse(ofBrowser.load(KEY) ?? '[]') as unknown;
    return Array.isArray(counts) ? (counts as Counts).filter(([, votes]) => Number.isInteger(votes)) : [];
  } catch {
    return [];
  }
}

/** Notes a vote that was confirmed: how many there were on this device, which nobody else knows. */
export function addOwnVote(paredao: string): number {
  const counts = kept();
  const votes = (counts.find(([id]) => id === paredao)?.[1] ?? 0) + 1;
  const others = counts.filter(([id]) => id !== paredao);
  ofBrowser.save(KEY, JSON.stringify([...others, [paredao, votes]].slice(-MOST)));
  return votes;
}

/** "Seu 1º voto neste aparelho", "3 votos seus neste aparelho" */
export const ownVotesText = (votes: number): string =>
  votes === 1 ? 'Seu primeiro voto neste aparelho' : `${integer(votes)} votos seus neste aparelho`;
