import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { InjectMetric, makeCounterProvider } from '@willsoto/nestjs-prometheus';
import type { Counter } from 'prom-client';

import { cedulaOf } from '#contract/views';
import {
  APPEND_DEADLINE_MS,
  DomainError,
  type Poll,
  type VoteCast,
  assertVotable,
  keyOf,
  minuteFrom,
  minuteOf,
} from '#domain';
import { HumanCheck, HumanCheckError, type PassedCheck } from '#human-check';
import { collectFrom } from '#platform';

import { EvidenceKeys } from '../polls/evidence-keys.ts';
import { PollDirectory } from '../polls/poll-directory.ts';
import { BoxOpener } from '../poll-lifecycle/box-opener.ts';
import { LogWatch } from '../poll-lifecycle/log-watch.ts';
import { BallotBox } from './ballot-box.ts';
import { type CastOutcome, type CastReceipt, CastVote } from './cast-vote.command.ts';
import { UsedChallenges } from './used-challenges.ts';

/** The voter saw another ballot than the one that is open: the vote could be for somebody else. */
class PollChangedError extends Error {
  override readonly name = 'PollChangedError';
  readonly code = 'poll-changed';
}

/** Verifies the human check, decides by the poll, and puts the vote into the ballot box. */
@CommandHandler(CastVote)
export class CastVoteHandler implements ICommandHandler<CastVote> {
  private readonly checked = {
    passed: 0,
    'human-check-invalid': 0,
    'human-check-expired': 0,
    'captcha-invalid': 0,
    'captcha-unavailable': 0,
  };

  constructor(
    private readonly polls: PollDirectory,
    private readonly watch: LogWatch,
    private readonly boxes: BoxOpener,
    private readonly used: UsedChallenges,
    private readonly humanCheck: HumanCheck,
    private readonly ballotBox: BallotBox,
    private readonly keys: EvidenceKeys,
    @InjectMetric('human_checks_total') checks: Counter,
  ) {
    collectFrom(checks, () => Object.entries(this.checked).map(([outcome, count]) => [{ outcome }, count] as const));
  }

  async execute({ participantId, solution, cedula, captchaToken, isRehearsal }: CastVote): Promise<CastOutcome> {
    const poll = this.pollOf(isRehearsal);
    if (poll === undefined) throw new DomainError('poll-not-open', 'there is no poll');
    if (!poll.participants.some(({ number }) => number === participantId))
      assertVotable(poll, participantId, Date.now());
    assertSeen(poll, cedula);
    const verdict = this.verify(solution, poll, captchaToken);
    if (!(verdict instanceof Promise)) return this.accept(poll, participantId, verdict);
    const check = await verdict;
    // it may be closed by now
    const current = this.pollOf(isRehearsal);
    assertSeen(current, cedula);
    return this.accept(current, participantId, check);
  }

  private pollOf(isRehearsal: boolean): Poll | undefined {
    return isRehearsal ? this.polls.lastRehearsal() : this.polls.lastOpened();
  }

  /** Up to the first `await` nothing comes in between: of two votes with one challenge, one is the first. */
  private async accept(poll: Poll, participantId: number, check: PassedCheck): Promise<CastOutcome> {
    const earlier = this.used.answerTo(check.challengeId, participantId);
    if (earlier !== undefined) return { receipt: await earlier, repeated: true };
    assertVotable(poll, participantId, Date.now());
    this.watch.assertTrustworthy(poll);
    this.boxes.assertOpen(poll);
    this.used.assertKnown(check);
    const answer = this.cast(poll, participantId, check);
    this.used.keep(check.challengeId, participantId, answer);
    return { receipt: await answer, repeated: false };
  }

  /** At once, unless a third party must be asked. */
  private verify(solution: string, { id, rehearsal }: Poll, token?: string): PassedCheck | Promise<PassedCheck> {
    try {
      const verdict = this.humanCheck.verify(solution, id, APPEND_DEADLINE_MS, token);
      if (!(verdict instanceof Promise)) return this.passed(verdict, rehearsal);
      return verdict.then(
        (check) => this.passed(check, rehearsal),
        (error: unknown) => this.refused(error, rehearsal),
      );
    } catch (error) {
      return this.refused(error, rehearsal);
    }
  }

  private passed(check: PassedCheck, rehearsal = false): PassedCheck {
    if (!rehearsal) this.checked.passed++;
    return check;
  }

  private refused(error: unknown, rehearsal = false): never {
    if (error instanceof HumanCheckError && !rehearsal) this.checked[error.code]++;
    throw error;
  }

  private cast(poll: Poll, participantId: number, check: PassedCheck): Promise<CastReceipt> {
    const castAt = Date.now();
    const { challengeId: voteId } = check;
    const vote = { participantId, ...this.votedBy(poll, castAt, check) };
    const stored = this.ballotBox.put(poll.id, vote, poll.rehearsal);
    return stored.then(({ position, receipt: signed }) => {
      return { voteId, pollId: poll.id, participantId, castAt, position, signed };
    });
  }

  /**
   * What a vote says beside its choice, in the version of its poll.
   * @throws DomainError `evidence-key-mismatch`
   */
  private votedBy(poll: Poll, castAt: number, check: PassedCheck): Omit<VoteCast, 'participantId'> {
    const { challengeId: voteId, expiresAt, work, price } = check;
    if (poll.evidenceKeyHash === undefined) return { voteId, castAt, expiresAt, humanCheck: work };
    const evidence = keyOf(poll, this.keys.of(poll.id)).evidenceOf(voteId, expiresAt, price);
    const humanCheck = { provider: work.provider, price, evidence };
    return { voteId, castAt: minuteOf(castAt), expiresAt: minuteFrom(expiresAt), humanCheck };
  }
}

/** @throws PollChangedError */
function assertSeen(poll: Poll | undefined, cedula: string | undefined): asserts poll is Poll {
  if (poll === undefined || cedulaOf(poll) !== cedula) throw new PollChangedError('the voter saw another ballot');
}

export const castVoteMetrics = [
  makeCounterProvider({
    name: 'human_checks_total',
    help: 'Human checks by outcome, without those of rehearsals',
    labelNames: ['outcome'],
  }),
];
