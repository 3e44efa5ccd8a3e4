import type { Challenge, Poll, Rules, VoteAnswer, VoteBody } from '#contract';
import { requestJson } from '../shared/http.ts';
import { keepPasse } from '../shared/passe.ts';
import { serverClock } from '../shared/server-clock.ts';
import { ofThisPoll } from '../shared/this-poll.ts';

/** What proves that a person votes: the solved challenge, and the token of a widget where one was asked for. */
export type HumanProof = Omit<VoteBody, 'cedula'>;

/** What a vote needs. Every function rejects with `ApiFailure` only. */

/** The current poll; refused with 404 `poll-not-found` when there was never one. The server's clock is read from it. */
export async function fetchPoll(): Promise<Poll> {
  const { value } = await requestJson<Poll>(ofThisPoll('/paredao'));
  serverClock.hear(value.atualizado_em);
  return value;
}

/** The rules of a poll that has some. */
export const fetchRules = async (id: string): Promise<Rules> =>
  (await requestJson<Rules>(ofThisPoll('/paredao/regulamento', { paredao: id }))).value;

/** A fresh challenge; refused with 409 `poll-not-open` when no vote is possible. */
export const fetchChallenge = async (): Promise<Challenge> =>
  (await requestJson<Challenge>(ofThisPoll('/desafio'))).value;

/** So long the answer to a vote may take, ms. */
export const VOTE_TIMEOUT = 12_000;

/**
 * Votes for the participant with this number, with an encoded, solved challenge and a token if one is required. Sending the same one again counts
 * once. What shows that this phone has voted is kept.
 */
export async function sendVote(number: number, body: VoteBody): Promise<VoteAnswer> {
  const { value } = await requestJson<VoteAnswer>(`/votar/${number}`, {
    method: 'POST',
    body,
    timeout: VOTE_TIMEOUT,
  });
  keepPasse(value.voto, value.passe);
  return value;
}
