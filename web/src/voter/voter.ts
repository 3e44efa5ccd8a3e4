/** The voter's page: choose, vote, see the percentages, vote again. */
import { fetchChallenge } from './voter-api.ts';
import { createBallot } from './ballot.ts';
import { askCaptcha } from './captcha.ts';
import { ChallengeKeeper } from './challenge-keeper.ts';
import { createVoteBar } from './vote-bar.ts';
import { byId, setName, setText } from '../shared/dom.ts';
import { now } from './freshness.ts';
import { createNotice } from './notice.ts';
import { createPartialResult } from './partial-result.ts';
import { createOpening } from './opening.ts';
import { createPollWatch, type WatchedPoll } from './poll-watch.ts';
import { showState, shownState } from '../shared/state-badge.ts';
import { solveInBackground } from './solver-client.ts';
import { sentence } from '../shared/verdict.ts';
import { vote } from './voting.ts';
import type { CastVote, PollState, Result } from '../shared/api-types.ts';

type View = 'loading' | 'soon' | 'vote' | 'voted' | 'ended' | 'notice';

/** Milliseconds between two looks at whether the challenge is still good. */
const KEEP_FRESH = 10_000;
/** After a confirmation, a tap within this time (ms) still belongs to the vote before. */
const DOUBLE_TAP = 500;
const confirmed = 'Voto confirmado!';

const title = byId('titulo', HTMLElement);
const badge = byId('selo', HTMLElement);
const offlineBanner = byId('sem-conexao', HTMLElement);
const challenges = new ChallengeKeeper({ fetchChallenge, solve: solveInBackground, askCaptcha, now });
const voteBar = createVoteBar();
const partial = createPartialResult();
const notice = createNotice();
const opening = createOpening();
const ballot = createBallot(onChoice);
const pollWatch = createPollWatch({
  onPoll,
  onNone() {
    setView('notice');
    notice.none();
  },
  onUnreachable(failure, delay) {
    if (poll) return;
    setView('notice');
    notice.unreachable(failure, delay);
  },
});

let poll: WatchedPoll | undefined;
let casting = false;
let confirmedAt = 0;
/** The slot of a vote that was not confirmed: its challenge may be repeated for this slot only. */
let unconfirmed = 0;

const view = () => document.body.dataset['view'] as View;
const setView = (next: View) => void (document.body.dataset['view'] = next);

function offerVote(): void {
  const slot = ballot.choice();
  voteBar.offer('votar', slot === 0 ? 'Votar' : `Votar em ${ballot.nameOf(slot)}`, slot);
}

function onChoice(): void {
  if (unconfirmed !== 0 && unconfirmed !== ballot.choice()) abandon();
  voteBar.say('plain', '');
  offerVote();
}

/** Lets go of a vote that was not confirmed. */
function abandon(): void {
  unconfirmed = 0;
  document.body.dataset['phase'] = 'idle';
  voteBar.offerChange(false);
  challenges.renew();
}

function showVote(): void {
  partial.stop();
  setView('vote');
  ballot.setEnabled(true);
  voteBar.say('plain', '');
  offerVote();
  challenges.keepFresh();
}

/** Says once whether the vote is in the percentages, and what they are; later ones are only shown. */
function sayCounted(name: string, result: Result): boolean {
  if (result.incluiSeuVoto)
    voteBar.say('good', confirmed, `A parcial já inclui o seu voto em ${name}.`, sentence(result));
  else voteBar.say('good', confirmed, `Seu voto em ${name} está guardado e entra na conta em instantes.`);
  return result.incluiSeuVoto === true;
}

function showVoted({ participante, posicao }: CastVote): void {
  confirmedAt = performance.now();
  setView('voted');
  const name = ballot.nameOf(participante);
  voteBar.say('good', confirmed, `Você votou em ${name}.`);
  voteBar.offer('votar-de-novo', 'Votar de novo', 0);
  voteBar.focusAction();
  let told = false;
  partial.follow(posicao, (result) => {
    if (result.estado !== 'aberto') pollWatch.look();
    else if (!told) told = sayCounted(name, result);
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
  const another = poll !== undefined && poll.id !== next.id;
  if (another) ballot.clear();
  poll = next;
  setName(title, next.titulo, 30);
  ballot.show(next);
  if (!casting) showPoll(next, another);
  showKnownState(next.estado);
}

function showPoll(next: WatchedPoll, another: boolean): void {
  if (another) challenges.renew();
  if (next.estado === 'agendado') return showSoon(next);
  opening.stop();
  if (next.estado !== 'aberto') showEnded();
  else if (another || ['loading', 'notice', 'soon'].includes(view())) showVote();
}

async function cast(): Promise<void> {
  const slot = unconfirmed || ballot.choice();
  if (slot === 0) {
    voteBar.say('warn', 'Escolha um dos dois', 'Toque em um cartão e depois em Votar.');
    return ballot.focus();
  }
  casting = true;
  voteBar.focusAction();
  ballot.setEnabled(false);
  voteBar.offerChange(false);
  voteBar.say('plain', '');
  const outcome = await vote(slot, voteBar, challenges);
  casting = false;
  unconfirmed = outcome.kind === 'failed' ? slot : 0;
  if (outcome.kind === 'done') return showVoted(outcome.vote);
  if (outcome.kind === 'failed') return voteBar.offerChange(true);
  if (outcome.kind === 'reload') showVote();
  else
    showEnded(
      outcome.certain ? 'Este voto chegou depois do fim e não entrou.' : 'Este voto pode não ter entrado a tempo.',
    );
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

const reflectLine = () =>
  setText(offlineBanner, navigator.onLine ? '' : 'Você está sem internet. A página volta sozinha com a conexão.');
window.addEventListener('offline', reflectLine);
window.addEventListener('online', () => {
  reflectLine();
  if (!casting) pollWatch.look();
});
document.addEventListener('visibilitychange', () => {
  if (!document.hidden && view() !== 'loading') {
    if (!casting) pollWatch.look();
    challenges.keepFresh();
  }
});
setInterval(() => {
  if (!document.hidden && poll?.estado === 'aberto') challenges.keepFresh();
}, KEEP_FRESH);

notice.onRetry(() => pollWatch.look());
reflectLine();
pollWatch.look();
