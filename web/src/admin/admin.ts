/** The administration: make, schedule, open and close polls. Others with a login change their password here. */
import { adminApi } from './admin-api.ts';
import { fetchAuditState, fetchPolls } from '../shared/api.ts';
import { Confirmation } from './confirm.ts';
import { LoginSession, deniedReason } from '../shared/login-session.ts';
import { byId, setText } from '../shared/dom.ts';
import { asFailure, type ApiFailure } from '../shared/failure.ts';
import { failureText } from './feedback.ts';
import { time } from '../shared/format.ts';
import { wirePasswordForm } from './password-form.ts';
import { createHistory, resultText } from './history.ts';
import { KeptDrafts } from './kept-drafts.ts';
import { DraftCard } from './draft-card.ts';
import { NewPoll } from './new-poll.ts';
import { OpeningDialog } from './opening-dialog.ts';
import { PhotoEditor } from './photo-editor.ts';
import type { Card, PollActions } from './poll-actions.ts';
import { PollCard } from './poll-card.ts';
import { annulling, proclaiming } from './result-questions.ts';
import { serverClock } from '../shared/server-clock.ts';
import { createLoop } from '../shared/timing.ts';
import type { PollState, PollSummary } from '#contract';
import { staffPageIsWhole } from '../shared/whole.ts';

/** Between two looks at the list, in milliseconds. */
const REFRESH = 3_000;
/** A command is in the list after about this time, in milliseconds. */
const LAG = 300;

const banner = byId('conexao', HTMLElement);
const confirmation = new Confirmation();
const showHistory = createHistory({
  proclaim: (poll) => void askToProclaim(poll),
  annul: (poll) => actions.annul(poll),
});
const loop = createLoop();
const cards = new Map<string, Card>();
let token = '';
/** Whose the page is: what they typed waits for them when their session is over. */
let user = '';
let kept = new KeptDrafts('');
let annulled: readonly PollSummary[] = [];
/** The states of the polls in the history. */
const OVER: readonly PollState[] = ['encerrado', 'conferido', 'proclamado', 'anulado'];
/** The poll that was closed here: its result is waited for. */
let awaited = { id: '', told: false };

const actions: PollActions = {
  api: () => adminApi(token),
  confirmation,
  editor: new PhotoEditor(),
  opening: new OpeningDialog({
    polls: () => fetchPolls(token),
    open: (id, versao) => adminApi(token).open(id, versao),
    opened: () => actions.changed(),
  }),
  annulled: () => annulled,
  kept: () => kept,
  changed() {
    setTimeout(() => loop.start(look), LAG);
  },
  annul(poll) {
    confirmation.ask(annulling(poll), async (reason) => {
      await actions.api().annul(poll.id, reason);
      actions.changed();
    });
  },
  closed(id) {
    awaited = { id, told: false };
  },
  denied,
};

function denied(failure: ApiFailure): void {
  login.leave(deniedReason(failure, 'Só administradores entram aqui.'));
}

/** Asks with how long an audit takes, where that can be known. */
async function askToProclaim(poll: PollSummary): Promise<void> {
  const state = poll.conferido_em === null ? await fetchAuditState(token).catch(() => undefined) : undefined;
  const question = proclaiming(poll, resultText(poll), state?.auditoria);
  confirmation.ask(question, async (reason) => {
    await actions.api().proclaim(poll.id, question.reason === undefined ? undefined : reason);
    actions.changed();
  });
}

/** Puts the cards of these polls into a list, in this order, without touching those that are there. */
function place(name: string, polls: readonly PollSummary[], Kind: typeof DraftCard | typeof PollCard): void {
  const list = byId(name, HTMLElement);
  byId(`${name}-vazio`, HTMLElement).hidden = polls.length > 0;
  polls.forEach((poll, index) => {
    const known = cards.get(poll.id);
    const isOfKind = known instanceof Kind;
    if (known && !isOfKind) known.root.remove();
    const card = isOfKind ? known : new Kind(poll, actions);
    cards.set(poll.id, card);
    if (isOfKind) card.update(poll);
    if (list.children[index] !== card.root) list.insertBefore(card.root, list.children[index] ?? null);
  });
}

/** Removes the cards of polls that are over or discarded. The focus does not get lost with them. */
function keepOnly(polls: readonly PollSummary[]): void {
  for (const [id, card] of cards) {
    if (polls.some((poll) => poll.id === id)) continue;
    const hadFocus = card.root.contains(document.activeElement);
    card.root.remove();
    cards.delete(id);
    if (hadFocus) byId('palco-titulo', HTMLElement).focus();
  }
}

function show(polls: readonly PollSummary[]): void {
  const open = polls.filter(({ estado }) => estado === 'aberto');
  const prepared = polls.filter(({ estado }) => estado === 'rascunho' || estado === 'agendado');
  const over = polls.filter(({ estado }) => OVER.includes(estado));
  annulled = over.filter(({ estado }) => estado === 'anulado');
  keepOnly([...open, ...prepared]);
  // what is really on air comes first
  place('palco', [...open.filter(({ ensaio }) => !ensaio), ...open.filter(({ ensaio }) => ensaio)], PollCard);
  place('preparo', prepared, DraftCard);
  showHistory(over);
  newPoll.offer(annulled);
  tellResult(over.find(({ id }) => id === awaited.id));
}

/** Says once that the votes are being counted, and then what came out. */
function tellResult(poll: PollSummary | undefined): void {
  if (!poll || (awaited.told && !poll.final)) return;
  confirmation.tell(poll.final ? 'Resultado final' : 'Votação encerrada', resultText(poll));
  awaited = { id: poll.final ? '' : poll.id, told: true };
}

async function look(): Promise<number | null> {
  const asked = token;
  if (asked === '') return null;
  try {
    const polls = await fetchPolls(asked);
    if (asked !== token) return null;
    show(polls);
    setText(banner, '');
  } catch (error) {
    if (asked !== token) return null;
    const failure = asFailure(error);
    if (failure.status === 401 || failure.status === 403) denied(failure);
    else setText(banner, `${failureText(failure)} Tentando de novo a cada 3 s.`);
  }
  return REFRESH;
}

const newPoll = new NewPoll(actions);

/** Nobody finds here what somebody else was about to do. */
function clear(): void {
  user = '';
  newPoll.leave();
  for (const { root } of cards.values()) root.remove();
  cards.clear();
}

window.addEventListener('beforeunload', (event) => {
  if (newPoll.isAtRisk || [...cards.values()].some((card) => card.isAtRisk)) event.preventDefault();
});

wirePasswordForm({ token: () => token, renewed: (session) => login.renew(session), denied });

const login = new LoginSession(
  {
    onEnter(session) {
      if (session.user !== user) clear();
      ({ token, user } = session);
      kept = new KeptDrafts(user);
      const isAdmin = session.role === 'admin';
      byId('paredoes-admin', HTMLElement).hidden = !isAdmin;
      document.body.dataset['view'] = 'admin';
      byId(isAdmin ? 'palco-titulo' : 'trocar-titulo', HTMLElement).focus();
      if (!isAdmin) return;
      newPoll.enter();
      loop.start(look);
    },
    onRenewed(session) {
      token = session.token;
    },
    onLeave(isOver) {
      token = '';
      loop.stop();
      setText(banner, '');
      for (const dialog of document.querySelectorAll('dialog')) dialog.close();
      byId('trocar', HTMLFormElement).reset();
      if (!isOver) clear();
    },
  },
  'Você saiu da administração.',
);

const clock = byId('relogio', HTMLElement);
const second = () => {
  setText(clock, time(new Date(serverClock.now()).toISOString()));
  for (const card of cards.values()) card.tick();
};
setInterval(second, 1_000);
second();
login.open();
staffPageIsWhole();
