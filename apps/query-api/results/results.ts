import { Injectable } from '@nestjs/common';

import type { Result } from '#contract';
import {
  CursorCodec,
  Passes,
  cedulaOf,
  disclosureView,
  participantView,
  rehearsalView,
  runningView,
  standingView,
  stateName,
} from '#contract/views';
import { type Poll, audienceOf, isBoxPublic, isComplete, sharesOf, totalOf } from '#domain';
import type { PollTally } from '#read-model';

import { optionalTally } from '../optional-tally.ts';
import { Tallies } from '../tallies.ts';
import { PublicPolls } from './public-polls.ts';

/** How long a voter waits at most for a result that includes the vote, ms. */
const WAIT_MS = 2000;

/** Which result is asked for: of which poll, with the key of a rehearsal, and since which cursor. */
interface Asked {
  readonly paredao?: string | undefined;
  readonly chave?: string | undefined;
  readonly desde?: string | undefined;
}

/** The public results of the polls. */
@Injectable()
export class Results {
  constructor(
    private readonly tallies: Tallies,
    private readonly polls: PublicPolls,
    private readonly cursors: CursorCodec,
    private readonly passes: Passes,
  ) {}

  /**
   * The result of a poll, or of the real one that was opened last; with `desde`, the cursor of a vote, it waits for a result that
   * includes that, and says whether it does.
   * @param passe that whoever asks got for a vote
   * @throws InvalidCursorError, DomainError `poll-not-found`
   */
  async get({ paredao: id, chave: key, desde: since }: Asked, passe?: string): Promise<Result> {
    const now = this.polls.get(id, key);
    if (since === undefined) return this.view(now, passe);
    const included = await this.tallies.includes(this.cursors.decode(since), WAIT_MS);
    return { ...this.view(this.polls.get(id, key), passe), inclui_seu_voto: included };
  }

  /** Id of the poll that is asked for, if a passe says that whoever asks has voted in it. */
  votedIn(pollId: string | undefined, passe: string | undefined): string | undefined {
    const id = optionalTally(this.tallies, pollId)?.snapshot.pollId;
    return id !== undefined && this.passes.admits(id, passe) ? id : undefined;
  }

  /** What somebody with this passe is shown of a tally. */
  private view(tally: PollTally, passe: string | undefined): Result {
    return resultView(tally, this.passes.admits(tally.snapshot.pollId, passe));
  }
}

/**
 * Shares only: the public must not read counts before production does. Before their time not the shares either, nor anything
 * that follows from them.
 * @param voted whether it is for somebody who has voted in this poll
 */
export function resultView({ snapshot }: PollTally, voted: boolean): Result {
  const visible = isVisible(snapshot.poll, voted);
  const shares = sharesOf(snapshot.votes);
  return {
    paredao: snapshot.pollId,
    ...rehearsalView(snapshot.poll),
    cedula: cedulaOf(snapshot.poll),
    titulo: snapshot.poll.title,
    finalidade: snapshot.poll.purpose ?? null,
    estado: stateName(snapshot.poll),
    aberto_em: snapshot.poll.openedAt,
    ...runningView(snapshot.poll),
    ...standingView(snapshot.poll),
    ...disclosureView(snapshot.poll),
    parcial_visivel: visible,
    sem_votos: visible ? totalOf(snapshot) === 0 : null,
    lider: visible ? leaderOf(snapshot.votes) : null,
    participantes: snapshot.poll.participants.map((participant, index) => ({
      ...participantView(participant),
      percentual: visible ? (shares[index] ?? 0) : null,
    })),
    boletim: boletimPath(snapshot),
    final: snapshot.cut !== null,
    completo: isComplete(snapshot),
  };
}

/** Where the boletim is; polls of earlier versions have none. */
const boletimPath = ({ poll, cut }: PollTally['snapshot']): string | null =>
  poll.ballotBoxes !== undefined && cut !== null && isBoxPublic(poll, Date.now()) ? `/urna/${poll.id}/boletim` : null;

function isVisible(poll: Poll, voted: boolean): boolean {
  const audience = audienceOf(poll);
  return audience === 'everybody' || (audience === 'voters' && voted);
}

/** Number of the participant with more votes than any other, or null. */
function leaderOf(votes: readonly number[]): number | null {
  const most = Math.max(...votes);
  const first = votes.indexOf(most);
  return votes.includes(most, first + 1) ? null : first + 1;
}
