import { ofBrowser } from './storage.ts';
import type { CastVote, PasseHeader, VoteAnswer } from '#contract';

const KEY = 'paredao.passe';
const HEADER = 'passe' satisfies keyof (typeof PasseHeader)['properties'];
/** Id of a poll, and a passe: whatever else stands in the storage is nothing that may go into a header. */
const FORM = /^(\d+):([\w.-]{1,64})$/;

function read(): readonly [paredao: string, passe: string] | undefined {
  const [, paredao, passe] = FORM.exec(ofBrowser.load(KEY) ?? '') ?? [];
  return paredao === undefined || passe === undefined ? undefined : [paredao, passe];
}

/** Keeps what a vote was answered with: it shows that this phone has voted, and neither who nor for whom. */
export const keepPasse = ({ paredao }: CastVote, passe: VoteAnswer['passe']): void =>
  void ofBrowser.save(KEY, `${paredao}:${passe}`);

/** What a request for shares says of one's own vote; of another poll it does no harm. */
export function passeHeader(): Record<string, string> {
  const passe = read();
  return passe ? { [HEADER]: passe[1] } : {};
}

/** Whether somebody has voted in a poll on this phone. */
export const hasVotedIn = (paredao: string): boolean => read()?.[0] === paredao;
