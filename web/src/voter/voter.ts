/** The voter's page: choose, vote, see the percentages, vote again. */
import { fetchChallenge } from './voter-api.ts';
import { createBallot } from './ballot.ts';
import { askCaptcha } from './captcha.ts';
import { ChallengeKeeper } from './challenge-keeper.ts';
import { sayCounted, sayVoted } from './confirmation.ts';
import { createVoteBar } from './vote-bar.ts';
import { byId, setName } from '../shared/dom.ts';
import { now } from './freshness.ts';
import { createNotice } from './notice.ts';
import { createPartialResult } from './partial-result.ts';
import { createOpening } from './opening.ts';
import { createPollWatch, type WatchedPoll } from './poll-watch.ts';
import { showState, shownState } from '../shared/state-badge.ts';
import { solveInBackground } from './solver-client.ts';
import { sentence } from '../shared/verdict.ts';
import { watchVisit } from './visit.ts';
import { vote } from './voting.ts';
import { showCorrections } from './corrections.ts';
import type { Choice, VoteOutcome } from './vote-flow.ts';
import type { CastVote, PollState } from '#contract';

type View = 'loading' | 'soon' | 'vote' | 'voted' | 'ended' | 'notice';

/** After a confirmation, a tap within this time (ms) still belongs to the vote before. */
const DOUBLE_TAP = 500;
const TOO_LATE = 'Este voto chegou depois do fim e não entrou.';
/** The results may hear of a new ballot a little later than the votes (ms). */
const LOOK_AGAIN = 500;

const title = byId('titulo', HTMLElement);
const badge = byId('selo', HTMLElement);
const challenges = new ChallengeKeeper({ fetchChallenge, solve: solveInBackground, askCaptcha, now });
const voteBar = createVoteBar();
const partial = createPartialResult();
const notice = createNotice();
const opening = createOpening();
const ballot = createBallot(onChoice);
const pollWatch = createPollWatch({
  onPoll,
  onNone: () => showNotice(() => notice.none()),
  onUnreachable(failure, delay) {
    if (!poll) showNotice(() => notice.unreachable(failure, delay));
  },
});

let poll: WatchedPoll | undefined;
let casting = false;
let confirmedAt = 0;
/** A vote that was not confirmed: its challenge may be repeated for this choice only. */
let unconfirmed: Choice | undefined;
/** The ballot on which a vote was refused: another one is open, and to be shown. */
let outdated = '';

const view = () => document.body.dataset['view'] as View;
const setView = (next: View) => void (document.body.dataset['view'] = next);

function showNotice(tell: () => void): void {
  setView('notice');
  tell();
}

function offerVote(): void {
  voteBar.say('plain', '');
  const number = ballot.choice();
  voteBar.offer('votar', number === 0 ? 'Votar' : `Votar em ${ballot.nameOf(number)}`, number);
}

function onChoice(): void {
  if (unconfirmed && unconfirmed.number !== ballot.choice()) abandon();
  offerVote();
}

/** Lets go of a vote that was not confirmed. */
function abandon(): void {
  unconfirmed = undefined;
  document.body.dataset['phase'] = 'idle';
  voteBar.offerChange(false);
  challenges.renew();
}

function showVote(): void {
  partial.stop();
  setView('vote');
  ballot.setEnabled(true);
  offerVote();
  challenges.keepFresh();
}

function showVoted({ posicao }: CastVote, name: string): void {
  confirmedAt = performance.now();
  setView('voted');
  sayVoted(voteBar, name);
  voteBar.offer('votar-de-novo', 'Votar de novo', 0);
  voteBar.focusAction();
  let told = false;
  partial.follow(posicao, (result) => {
    if (result.estado !== 'aberto' || result.cedula !== poll?.cedula) pollWatch.look();
    else told ||= sayCounted(voteBar, name, result);
  });
}

function showEnded(reason = ''): void {
  if (view() === 'ended') return;
  setView('ended');
  document.body.dataset['choice'] = '0';
  voteBar.offerChange(false);
  const detail = reason || 'Obrigado por participar.';
  voteBar.say(reason ? 'warn' : 'plain', 'Votação encerrada', detail);
  partial.follow(undefined, (result) => {
    showKnownState(shownState(result));
    if (result.final) voteBar.say('plain', 'Votação encerrada', detail, sentence(result));
  });
}

/** Who says "open" after a vote was refused because the poll is over only heard of it late. */
function showKnownState(estado: PollState): void {
  showState(badge, estado === 'aberto' && view() === 'ended' ? 'encerrado' : estado);
}

/** The faces are there, and when the voting begins; it then begins by itself. */
function showSoon(next: WatchedPoll): void {
  partial.stop();
  setView('soon');
  ballot.setEnabled(false);
  voteBar.offerChange(false);
  opening.show(next, (when) => voteBar.say('plain', 'A votação ainda não começou', `Ela abre sozinha ${when}.`));
}

function onPoll(next: WatchedPoll): void {
  if (next.cedula === outdated && next.estado === 'aberto') return void setTimeout(() => pollWatch.look(), LOOK_AGAIN);
  const before = poll;
  poll = next;
  setName(title, next.titulo, 30);
  ballot.show(next);
  showCorrections(next.correcoes);
  if (before && before.cedula !== next.cedula) onAnotherBallot();
  if (!casting) showPoll(next, before !== undefined && before.id !== next.id);
  showKnownState(next.estado);
}

/** Nothing is chosen on this ballot yet, and the unconfirmed vote was for another one. */
function onAnotherBallot(): void {
  const chosen = ballot.choice() !== 0 || unconfirmed !== undefined || outdated !== '';
  outdated = '';
  ballot.clear();
  // changes come in groups, and results may be late for the last of them
  setTimeout(() => pollWatch.look(), LOOK_AGAIN);
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
  voteBar.say(
    'warn',
    'O paredão mudou',
    certain ? 'Este voto não foi registrado.' : 'Este voto pode ter entrado antes.',
  );
}

function showPoll(next: WatchedPoll, another: boolean): void {
  if (next.estado === 'agendado') return showSoon(next);
  opening.stop();
  if (next.estado !== 'aberto') showEnded();
  else if (another || ['loading', 'notice', 'soon'].includes(view())) showVote();
}

function chosen(): Choice | undefined {
  const number = ballot.choice();
  return number === 0 || !poll ? undefined : { number, name: ballot.nameOf(number), cedula: poll.cedula };
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
  voteBar.say('plain', '');
  const outcome = await vote(choice, voteBar, challenges);
  casting = false;
  settle(choice, outcome);
}

/** Shows how a vote ended. */
function settle(choice: Choice, outcome: VoteOutcome): void {
  const isOutdated = choice.cedula !== poll?.cedula;
  unconfirmed = outcome.kind === 'failed' && !isOutdated ? choice : undefined;
  if (outcome.kind === 'done') return showVoted(outcome.vote, choice.name);
  if (outcome.kind === 'failed' && !isOutdated) return voteBar.offerChange(true);
  if (outcome.kind === 'closed') showEnded(outcome.certain ? TOO_LATE : 'Este voto pode não ter entrado a tempo.');
  else if (outcome.kind === 'changed') showChanged(outcome.certain);
  else showVote();
  pollWatch.look();
}

byId('cedula', HTMLFormElement).addEventListener('submit', (event) => {
  event.preventDefault();
  const action = voteBar.action();
  if (action === 'aguarde' || casting || view() === 'loading') return;
  if (action !== 'votar-de-novo') return void cast();
  if (performance.now() - confirmedAt < DOUBLE_TAP) return;
  showVote();
  ballot.focus();
});

byId('trocar', HTMLButtonElement).addEventListener('click', () => {
  abandon();
  showVote();
  ballot.focus();
});

watchVisit({
  onBack() {
    if (view() === 'loading') return;
    if (!casting) pollWatch.look();
    challenges.keepFresh();
  },
  onBeat() {
    if (poll?.estado === 'aberto') challenges.keepFresh();
  },
});

notice.onRetry(() => pollWatch.look());
pollWatch.look();
