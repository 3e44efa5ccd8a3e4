/** The auditors' page: the log and what was counted from it, side by side. */
import { download, fetchActions, fetchMoreQuarantine, fetchQuarantine, fetchRecord, reconcile } from './audit-api.ts';
import {
  addQuarantined,
  createReconciliationView,
  forgetReconciliation,
  showActions,
  showFilesHint,
  showQuarantine,
  showState,
} from './audit-view.ts';
import { LookAgain } from './look-again.ts';
import { ClaimsForm } from './claims.ts';
import { SignOffSection } from './sign-off.ts';
import { LoginSession, type LoginListener, deniedReason } from '../shared/login-session.ts';
import { byId, setText, whileBusy } from '../shared/dom.ts';
import { fetchAuditState } from '../shared/api.ts';
import { asFailure } from '../shared/failure.ts';
import { moment, time } from '../shared/format.ts';
import type { AuditState } from '#contract';
import { staffPageIsWhole } from '../shared/whole.ts';

const select = byId('paredao', HTMLSelectElement);
const banner = byId('conexao', HTMLElement);
const lookAgain = new LookAgain(() => void refresh());
const verdict = byId('veredito', HTMLElement);
const progress = byId('progresso', HTMLProgressElement);
const filesNote = byId('arquivos-aviso', HTMLElement);
const showReconciliation = createReconciliationView();
forgetReconciliation();

/** Where the list of a poll's ballot box ends, by the poll. */
const listedTo: Record<string, string | undefined> = {};
let polls: AuditState['paredoes'] = [];
/** When all of it was shown last, ISO-8601 by this device; '' before. */
let shownAt = '';
let token = '';
let session = new AbortController();

/** What a person can do about a failure; the session ends here when it is not good any more. */
function explain(error: unknown): string {
  const failure = asFailure(error);
  if (failure.status === 401 || failure.status === 403)
    login.leave(deniedReason(failure, 'Este usuário não tem acesso à auditoria.'));
  if (failure.code === 'poll-not-closed') return 'A votação ainda está aberta: só depois do encerramento.';
  if (['poll-not-counted', 'poll-annulled', 'invalid-seal', 'check-outdated'].includes(failure.code))
    return failure.title;
  if (failure.code === 'malformed-request')
    return 'O compromisso informado não é o de um relatório. Copie a linha inteira, de “v2-” até o último número.';
  if (failure.status === 404) return 'Ainda não há paredão para auditar.';
  if (failure.code === 'audit-running')
    return 'Já há uma conferência ou exportação em andamento. Tente quando ela terminar.';
  return failure.kind === 'offline' ? 'Você está sem internet.' : 'Não foi possível buscar os dados agora.';
}

async function refresh(): Promise<void> {
  try {
    const state = await fetchAuditState(token);
    showState(state);
    polls = state.paredoes;
    offerClaims();
    signOff.show(state);
    const quarantine = await fetchQuarantine(token);
    for (const { paredao, eventos } of quarantine) {
      listedTo[paredao] = eventos.findLast(({ fluxo }) => fluxo === `votes-${paredao}`)?.revisao;
    }
    showQuarantine(quarantine, inspect);
    await refreshActions();
    shownAt = new Date().toISOString();
    lookAgain.end();
    setText(banner, '');
  } catch (error) {
    const why = session.signal.aborted ? '' : explain(error);
    if (session.signal.aborted) return;
    setText(banner, shownAt === '' ? why : `${why} Na tela está o que havia às ${time(shownAt)}.`);
    lookAgain.after(asFailure(error));
  }
}

async function refreshActions(): Promise<void> {
  showActions(select.value === '' ? [] : await fetchActions(token, select.value));
}

async function showMoreQuarantine(): Promise<void> {
  const poll = select.value;
  const more = await fetchMoreQuarantine(token, poll, listedTo[poll]);
  listedTo[poll] = more.at(-1)?.revisao ?? listedTo[poll];
  addQuarantined(more, inspect);
  byId('quarentena-mais', HTMLElement).hidden = more.length === 0;
}

async function inspect({ fluxo, revisao }: { fluxo: string; revisao: string }): Promise<string> {
  try {
    const { tipo, versao, registrado_em, tamanho, texto, hexadecimal } = await fetchRecord(token, fluxo, revisao);
    const lines = [
      `${tipo}, versão ${versao}, ${moment(registrado_em)}, ${tamanho} bytes`,
      texto ?? '(não é texto)',
      hexadecimal,
    ];
    return lines.join('\n');
  } catch (error) {
    return explain(error);
  }
}

/** What nobody asked for is not done again: a recount, a file. */
const BY_HAND = ' Isto não é repetido sozinho: peça de novo quando a conexão voltar.';
const isLine = (error: unknown): boolean => asFailure(error).kind !== 'refused' || asFailure(error).status >= 500;

/** Runs what takes a while, with its button out of use meanwhile. */
async function busy(button: HTMLElement, work: () => Promise<void>, tell: (text: string) => void): Promise<void> {
  try {
    await whileBusy(button, work);
  } catch (error) {
    if (!session.signal.aborted) tell(`${explain(error)}${isLine(error) ? BY_HAND : ''}`);
  }
}

/** What depends on which poll is chosen. */
function offerClaims(): void {
  const poll = polls.find(({ paredao }) => paredao === select.value);
  claims.offer(poll);
  showFilesHint(poll);
}

async function recount(): Promise<void> {
  const claimed = claims.query();
  if (claimed === undefined) return;
  const poll = select.value;
  setText(verdict, `Recontando o paredão ${poll}…`);
  delete verdict.dataset['resultado'];
  progress.hidden = false;
  try {
    const { signal } = session;
    const found = await reconcile({ token, signal }, poll, claimed, (fraction) => (progress.value = fraction));
    if (select.value === poll) showReconciliation(found);
  } finally {
    progress.hidden = true;
    progress.removeAttribute('value');
  }
}

const signOff = new SignOffSection({
  session: () => ({ token, signal: session.signal }),
  poll: () => select.value,
  signed: () => void refresh(),
  explain,
});

/** @param hasClaims whether it is compared with what the auditor brought */
async function save(path: string, hasClaims: boolean): Promise<void> {
  const claimed = hasClaims ? claims.query() : '';
  if (claimed === undefined) return;
  setText(filesNote, 'Preparando o arquivo…');
  await download(`${path}&paredao=${select.value}${claimed}`, token, session.signal);
  setText(filesNote, 'O arquivo foi baixado.');
}

const listener: LoginListener = {
  onEnter(entered) {
    const isNew = byId('login', HTMLElement).contains(document.activeElement);
    document.body.dataset['view'] = 'painel';
    if (isNew) byId('conteudo', HTMLElement).focus();
    token = entered.token;
    signOff.offer(entered.role === 'auditor');
    session = new AbortController();
    void refresh();
  },
  onRenewed(renewed) {
    token = renewed.token;
  },
  onLeave() {
    session.abort();
    token = '';
    shownAt = '';
    lookAgain.end();
    setText(banner, '');
  },
};
const login = new LoginSession(listener, 'Você saiu da auditoria.');

const again = byId('atualizar', HTMLButtonElement);
again.addEventListener('click', () => void busy(again, refresh, () => {}));
const more = byId('quarentena-mais', HTMLButtonElement);
more.addEventListener('click', () => void busy(more, showMoreQuarantine, (text) => setText(banner, text)));
const count = byId('conferir', HTMLButtonElement);
const countAgain = (): void => void busy(count, recount, (text) => setText(verdict, text));
count.addEventListener('click', countAgain);
const claims = new ClaimsForm(countAgain);
select.addEventListener('change', () => {
  forgetReconciliation();
  signOff.choose();
  offerClaims();
  void refreshActions().catch((error: unknown) => setText(banner, explain(error)));
});
for (const button of document.querySelectorAll<HTMLButtonElement>('[data-arquivo]')) {
  const path = button.dataset['arquivo'] ?? '';
  button.addEventListener(
    'click',
    () =>
      void busy(
        button,
        () => save(path, button.dataset['comparado'] !== undefined),
        (text) => setText(filesNote, text),
      ),
  );
}
login.open();
staffPageIsWhole();
