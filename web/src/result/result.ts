/** The public result page: live percentages, for everyone. */
import { heldText, shown } from '../shared/disclosure.ts';
import { byId, setName, setText } from '../shared/dom.ts';
import { createResultBars } from '../shared/result-bars.ts';
import { createClosing, openSpan } from '../shared/closing.ts';
import { time } from '../shared/format.ts';
import { createLineBand } from '../shared/line-band.ts';
import { LiveResult, type LiveStatus } from './live-result.ts';
import { createShareButton } from '../shared/share-button.ts';
import { ofResult } from '../shared/share-text.ts';
import { isNewChapter, showState, shownState } from '../shared/state-badge.ts';
import { described } from '../../../libs/wording/purpose.ts';
import { showRehearsal } from '../shared/rehearsal.ts';
import { turnPage } from '../shared/turn-page.ts';
import { keepPollInLinks, ofThisPoll, withKey } from '../shared/this-poll.ts';
import { headline, sentence } from '../../../libs/wording/verdict.ts';
import type { Result } from '#contract';
import { pageIsWhole } from '../shared/whole.ts';

/** Milliseconds between two announcements to screen readers; a final result is announced at once. */
const QUIET = 20_000;

const main = byId('conteudo', HTMLElement);
const title = byId('titulo', HTMLElement);
const badge = byId('selo', HTMLElement);
const purpose = byId('finalidade', HTMLElement);
const verdict = byId('veredito', HTMLElement);
const updated = byId('atualizado', HTMLElement);
const voteLink = byId('votar', HTMLAnchorElement);
voteLink.href = ofThisPoll('/');
const paper = byId('boletim', HTMLAnchorElement);
const band = createLineBand(byId('conexao', HTMLElement));
const announcement = byId('anuncio', HTMLElement);
const fillBars = createResultBars();
const closing = createClosing();
const offerShare = createShareButton();

let announcedAt = -QUIET;
let announcedFinal = false;

function verdictText(result: Result): string {
  const standing = shown(result);
  if (result.estado === 'encerrado' && !result.final) return 'Votação encerrada. Contando os últimos votos';
  return standing ? headline(standing) : heldText(result);
}

function announce(result: Result): void {
  const standing = shown(result);
  const isOut = result.final && standing !== undefined;
  const due = performance.now() - announcedAt >= QUIET || (isOut && !announcedFinal);
  if (!due) return;
  announcedAt = performance.now();
  announcedFinal = isOut;
  setText(announcement, standing ? sentence(standing) : `${heldText(result)}.`);
}

/** How fresh the numbers are; of a poll that is over, when it was open. */
function timeText(result: Result): string {
  if (result.estado === 'aberto')
    return result.parcial_visivel ? `Atualizado às ${time(result.atualizado_em)} de Brasília` : '';
  return `A votação ficou aberta ${openSpan(result)}. Votos não contam mais`;
}

function show(result: Result): void {
  if (isNewChapter(badge, shownState(result))) turnPage();
  main.dataset['view'] = 'result';
  showRehearsal(result);
  setName(title, result.titulo, 30);
  setText(purpose, described(result.finalidade));
  showState(badge, shownState(result));
  setText(verdict, verdictText(result));
  fillBars(result);
  // an API of the version before says nothing of it
  paper.hidden = !result.boletim;
  paper.href = withKey(result.boletim ?? '/');
  voteLink.hidden = result.parcial_visivel || result.parcial_para !== 'quem-votou';
  closing.show(result);
  // the link of a rehearsal has its key in it
  offerShare(result.ensaio === true ? undefined : ofResult(result));
  const incomplete = result.completo ? '' : ' · há votos em verificação';
  setText(updated, `${timeText(result)}${incomplete}`);
  announce(result);
}

function showNone(): void {
  main.dataset['view'] = 'none';
  setText(title, 'Nenhum paredão no ar');
  setText(badge, '');
  setText(verdict, 'O resultado aparece aqui assim que a primeira votação começar.');
}

function showStatus(status: LiveStatus): void {
  document.body.dataset['conexao'] = status;
  if (status !== 'lost') band.back();
}

function showLost(delay: number): void {
  const why = navigator.onLine ? 'Sem contato com a apuração.' : 'Você está sem internet.';
  band.lost(main.dataset['view'] === 'result' ? `${why} Estes são os últimos números.` : why, delay);
}

keepPollInLinks();
new LiveResult({ onResult: show, onStatus: showStatus, onLost: showLost, onRefused: showNone }).start();
pageIsWhole();
