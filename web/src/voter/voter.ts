/** The voter's page: choose, vote, see the percentages, vote again. */
import { fetchChallenge } from './voter-api.ts';
import { createAfterVote } from './after-vote.ts';
import { createBallot } from './ballot.ts';
import { askCaptcha } from './captcha.ts';
import { ChallengeKeeper } from './challenge-keeper.ts';
import { sayCounted, sayVoted } from './confirmation.ts';
import { createVoteBar } from './vote-bar.ts';
import { now } from './freshness.ts';
import { createEnding } from './ending.ts';
import { createHeadline } from './headline.ts';
import { createNotice } from './notice.ts';
import { createPartialResult } from './partial-result.ts';
import { createOpening } from './opening.ts';
import { createPollWatch } from './poll-watch.ts';
import { isPastEnd } from '../shared/closing.ts';
import { solveInBackground } from './solver-client.ts';
import { setView, view } from './view.ts';
import { listen } from './listen.ts';
import { vote } from './voting.ts';
import { isPaused, offerUnconfirmed, sayPaused, setPaused } from './pause.ts';
import { inTimeText, isNews, lateText, sayCancelled, sayChanged, sayLost } from './standing.ts';
import { keepChallenge, keptChallenge } from './kept-challenge.ts';
import { keepVote, resumable } from './kept-vote.ts';
import type { Choice, StoredVote, VoteOutcome } from './vote-flow.ts';
import type { Poll } from '#contract';

const challenges = new ChallengeKeeper({
  ...{ fetchChallenge, solve: solveInBackground, askCaptcha, now },
  ...{ kept: keptChallenge, keep: keepChallenge },
});
const voteBar = createVoteBar();
const partial = createPartialResult();
const notice = createNotice(() => pollWatch.look());
const tellOthers = createAfterVote();
const opening = createOpening();
const ballot = createBallot(onChoice);
// a vote that is under way gets its own answer
const headline = createHeadline(() => !casting && poll && ending.showByClock());
const ending = createEnding({ voteBar, partial, headline, poll: () => poll });
const pollWatch = createPollWatch({
  onPoll,
  onNone: () => notice.none(),
  onUnreachable: (failure, delay) => notice.unreachable(failure, delay, poll !== undefined),
});

let poll: Poll | undefined;
let casting = false;
/** A vote that was not confirmed: its challenge may be repeated for this choice only. */
let unconfirmed: Choice | undefined;
/** The ballot on which a vote was refused: another one is open, and to be shown. */
let outdated = '';

function offerVote(): void {
  voteBar.say('plain', '');
  const number = ballot.choice();
  voteBar.offer('votar', number === 0 ? 'Votar' : `Votar ${ballot.aimOf(number)}`, number);
}

function onChoice(): void {
  if (unconfirmed && unconfirmed.number !== ballot.choice()) abandon();
  offerVote();
}

/** Lets go of a vote that was not confirmed. */
function abandon(): void {
  unconfirmed = undefined;
  keepVote(undefined);
  document.body.dataset['phase'] = 'idle';
  voteBar.offerChange(false);
  challenges.renew();
}

function showVote(): void {
  partial.stop();
  setView('vote');
  ballot.setEnabled(!isPaused());
  offerVote();
  if (isPaused()) sayPaused(voteBar);
  challenges.keepFresh();
}

/** Follows a pause and its end. The choice stays, and so does a vote that was not confirmed. */
function reflectPause(paused: boolean): void {
  if (!setPaused(paused) || casting || view() !== 'vote') return;
  showVote();
  if (!paused && unconfirmed) offerUnconfirmed(voteBar, unconfirmed.number);
}

function showVoted(cast: StoredVote, whatFor: string): void {
  tellOthers(cast, whatFor, poll);
  if (poll && isPastEnd(poll)) return ending.show(inTimeText(whatFor));
  setView('voted');
  sayVoted(voteBar, whatFor);
  voteBar.offer('votar-de-novo', 'Votar de novo', 0);
  voteBar.focusAction();
  let told = false;
  partial.follow(cast.posicao, (result) => {
    if (isNews(result, poll)) pollWatch.look();
    else told ||= sayCounted(voteBar, whatFor, result);
  });
}

/** The faces are there, and when the voting begins; it then begins by itself. */
function showSoon(next: Poll): void {
  partial.stop();
  setView('soon');
  ballot.setEnabled(false);
  voteBar.offerChange(false);
  opening.show(next, (when) => voteBar.say('plain', 'A votação ainda não começou', `Ela abre sozinha ${when}.`));
}

function onPoll(next: Poll): void {
  notice.band.back();
  if (next.cedula === outdated && next.estado === 'aberto') return pollWatch.lookSoon();
  const before = poll;
  poll = next;
  ballot.show(next);
  if (before && before.cedula !== next.cedula) onAnotherBallot();
  headline.show(next);
  reflectPause(next.estado === 'aberto' && next.pausado_em !== null);
  if (!casting) showPoll(next, before !== undefined && before.id !== next.id);
  headline.showState(next, view() === 'ended');
  if (!before) resume(next);
}

/** A vote that waited when the page was loaded again goes on, and counts once; after a pause the voter decides. */
function resume({ cedula }: Poll): void {
  if (view() !== 'vote') return;
  const kept = resumable(cedula, challenges.nonce, () => sayLost(voteBar));
  if (!kept) return;
  ballot.choose(kept.choice.number);
  if (kept.sent || !kept.paused) unconfirmed = kept.choice;
  if (isPaused()) return;
  if (!kept.paused) void cast();
  else if (kept.sent) offerUnconfirmed(voteBar, kept.choice.number);
  else offerVote();
}

/** Nothing is chosen on this ballot yet, and the unconfirmed vote was for another one. */
function onAnotherBallot(): void {
  const chosen = ballot.choice() !== 0 || unconfirmed !== undefined || outdated !== '';
  outdated = '';
  ballot.clear();
  // changes come in groups, and results may be late for the last of them
  pollWatch.lookSoon();
  if (casting) return;
  abandon();
  if (view() !== 'vote') return;
  showVote();
  if (chosen) voteBar.say('warn', 'O paredão mudou', 'Confira os nomes e escolha de novo.');
}

/** The vote was for a ballot that is not open any more. The new one is on its way here. */
function showChanged(certain: boolean): void {
  outdated = poll?.cedula ?? '';
  ballot.clear();
  showVote();
  ballot.setEnabled(false);
  sayChanged(voteBar, certain);
}

function showPoll(next: Poll, another: boolean): void {
  if (next.estado === 'agendado') return showSoon(next);
  opening.stop();
  if (next.estado !== 'aberto' || isPastEnd(next)) return ending.showOver();
  const wasMoved = ending.wasByClock();
  if (another || wasMoved || ['loading', 'notice', 'soon'].includes(view())) showVote();
}

function chosen(): Choice | undefined {
  const number = ballot.choice();
  if (number === 0 || !poll) return undefined;
  return { number, whatFor: ballot.aimOf(number), cedula: poll.cedula, titulo: poll.titulo };
}

async function cast(): Promise<void> {
  const choice = unconfirmed ?? chosen();
  if (!choice) {
    voteBar.say('warn', ballot.question(), 'Toque em um cartão e depois em Votar.');
    return ballot.focus();
  }
  casting = true;
  voteBar.focusAction();
  ballot.setEnabled(false);
  voteBar.offerChange(false);
  const outcome = await vote(choice, voteBar, challenges);
  casting = false;
  settle(choice, outcome);
}

/** The vote came during a pause. If an earlier try may have got through, the same one is sent again later. */
function showPaused(certain: boolean, choice: Choice): void {
  if (!certain && choice.cedula === poll?.cedula) unconfirmed = choice;
  setPaused(true);
  showVote();
  sayPaused(voteBar, { certain });
  pollWatch.lookSoon();
}

/** Shows how a vote ended. */
function settle(choice: Choice, outcome: VoteOutcome): void {
  const isOutdated = choice.cedula !== poll?.cedula;
  unconfirmed = outcome.kind === 'failed' && !isOutdated ? choice : undefined;
  if (outcome.kind === 'done') return showVoted(outcome.vote, choice.whatFor);
  if (outcome.kind === 'paused') return showPaused(outcome.certain, choice);
  if (outcome.kind === 'failed' && !isOutdated) return voteBar.offerChange(true);
  if (outcome.kind === 'closed') ending.show(lateText(outcome));
  else if (outcome.kind === 'changed') showChanged(outcome.certain);
  else showVote();
  if (outcome.kind === 'cancelled') sayCancelled(voteBar, outcome.certain);
  pollWatch.look();
}

function press(): void {
  const action = voteBar.action();
  if (action === 'aguarde' || casting || isPaused() || view() === 'loading') return;
  if (action !== 'votar-de-novo') return void cast();
  chooseAgain();
}

/** After a vote, or instead of one that was not confirmed. */
function chooseAgain(): void {
  if (unconfirmed) abandon();
  showVote();
  ballot.focus();
}

function onBack(): void {
  if (view() === 'loading') return;
  if (!casting) pollWatch.look();
  challenges.keepFresh();
}
listen({ press, chooseAgain, onBack, onBeat: () => poll?.estado === 'aberto' && challenges.keepFresh() }, notice.band);
pollWatch.look();
