import type { Challenge, VoteAnswer } from '#contract';

import { setTimeout as delay } from 'node:timers/promises';

import { type Answer, ConnectionLostError, headerOf } from './http-connection.ts';
import { type HttpPool, requestText } from './http-pool.ts';
import { ON_AIR, type PollLink, withLink } from './poll-link.ts';
import { solvedPayload } from './solver.ts';

/** A challenge with its solution, ready to vote with. */
export interface SolvedChallenge {
  /** It becomes the id of the vote. */
  readonly id: string;
  readonly payload: string;
  /** The ballot that was open when it came. */
  readonly cedula: string;
}

/** A vote that the service says is stored. */
export interface AcknowledgedVote {
  readonly id: string;
  readonly pollId: string;
  readonly participant: number;
  /** Opaque cursor for `/resultado?desde=`. */
  readonly position: string;
  /** The service had stored it before this answer: the first answer was lost. */
  readonly repeated: boolean;
  /** Where the service gave one. */
  readonly receipt: string | undefined;
}

/** Why a request was not answered as asked: the code of the problem, or `connection-lost`. */
export class RefusedError extends Error {
  override readonly name = 'RefusedError';

  constructor(
    readonly code: string,
    /** 0 when there was no answer. */
    readonly status: number,
    /** Seconds after which the same request may be sent again; undefined when it must not be. */
    readonly retryAfter: number | undefined,
    /** Whether the answer itself named the time. */
    readonly saidWhen = false,
  ) {
    super(status === 0 ? code : `${String(status)} ${code}`);
  }
}

export interface VoterOptions {
  /** How often a request is sent at most, the first time included. */
  readonly attempts?: number;
  /** Of the rehearsal that is voted in; without it, the poll on air. */
  readonly link?: PollLink;
  /** Hears of every attempt that was refused or lost, those that are tried again as well. */
  readonly onRefusal?: (refusal: RefusedError) => void;
}

const ATTEMPTS = 5;
/** Who was told to come back does not come in the same instant as everybody else: up to so much later, as a share. */
const JITTER = 0.3;
const RETRIED_STATUSES = new Set([429, 503]);
/** Pause after a lost connection, and where a problem names none, s. */
const DEFAULT_RETRY_SECONDS = 1;

/** What the page does for a voter, without the page: takes a challenge, solves it, votes, tries again when told to. */
export class Voter {
  constructor(
    private readonly pool: HttpPool,
    private readonly options: VoterOptions = {},
  ) {}

  private get link(): PollLink {
    return this.options.link ?? ON_AIR;
  }

  /**
   * A fresh challenge, solved.
   * @param address of the voter, as a trusted proxy would forward it
   * @throws RefusedError after the last attempt
   */
  async challenge(address: string): Promise<SolvedChallenge> {
    const request = requestText('GET', withLink('/desafio', this.link), { headers: { 'x-forwarded-for': address } });
    const { body } = await this.request(request);
    // a service of before ballots had names gives none
    const challenge = JSON.parse(body.toString()) as Omit<Challenge, 'cedula'> & Partial<Challenge>;
    const { parameters, cedula = '' } = challenge;
    return { id: parameters.nonce, payload: solvedPayload(challenge), cedula };
  }

  /**
   * Votes; busy answers and lost connections are tried again with the same challenge, as long as that is allowed.
   * @throws RefusedError after the last attempt: whether the vote was stored is then unknown, unless the code says so
   */
  async vote(challenge: SolvedChallenge, participant: number, address: string): Promise<AcknowledgedVote> {
    const { status, body } = await this.request(voteRequest(challenge, participant, address));
    const { voto, recibo: receipt } = JSON.parse(body.toString()) as VoteAnswer;
    const isElsewhere = (voto.ensaio ?? false) !== (this.link !== ON_AIR);
    if (voto.id !== challenge.id || voto.participante !== participant || isElsewhere) {
      throw new RefusedError('another-vote-acknowledged', status, undefined);
    }
    const { id, paredao: pollId, posicao: position } = voto;
    return { id, pollId, participant, position, repeated: status === 200, receipt };
  }

  /**
   * Sends a request as the page does: it waits and tries again when it is told to, or when the connection is lost.
   * @throws RefusedError after the last attempt
   */
  async request(request: string): Promise<Answer> {
    const { attempts = ATTEMPTS } = this.options;
    for (let attempt = 1; ; attempt++) {
      const result = await this.attempt(request);
      if (!(result instanceof RefusedError)) return result;
      this.options.onRefusal?.(result);
      if (result.retryAfter === undefined || attempt >= attempts) throw result;
      await delay(result.retryAfter * 1000 * (1 + JITTER * Math.random()));
    }
  }

  private async attempt(request: string): Promise<Answer | RefusedError> {
    try {
      const answer = await this.pool.send(request);
      return answer.status < 300 ? answer : refusalOf(answer);
    } catch (error) {
      if (!(error instanceof ConnectionLostError)) throw error;
      return new RefusedError(error.code, 0, DEFAULT_RETRY_SECONDS);
    }
  }
}

/** The request of a vote as it goes over the wire. */
export function voteRequest(
  { payload, cedula }: Pick<SolvedChallenge, 'payload' | 'cedula'>,
  participant: number,
  address: string,
): string {
  const headers = { 'x-forwarded-for': address };
  return requestText('POST', `/votar/${String(participant)}`, {
    headers,
    // a service of before ballots had names is given none
    json: cedula === '' ? `{"altcha":"${payload}"}` : `{"altcha":"${payload}","cedula":"${cedula}"}`,
  });
}

/** Synthetic address of a voter: neighbouring numbers get different ones, up to 2^24 of them. */
export function addressOf(voter: number): string {
  return `10.${String((voter >>> 16) & 255)}.${String((voter >>> 8) & 255)}.${String(voter & 255)}`;
}

function refusalOf({ status, head, body }: Answer): RefusedError {
  const said = headerOf(head, 'retry-after');
  const retryAfter = RETRIED_STATUSES.has(status) ? Number(said ?? DEFAULT_RETRY_SECONDS) : undefined;
  return new RefusedError(problemCodeOf(body), status, retryAfter, said !== undefined);
}

function problemCodeOf(body: Buffer): string {
  try {
    return (JSON.parse(body.toString()) as { code?: string }).code ?? 'no-code';
  } catch {
    return 'no-problem-document';
  }
}
