/** Production's panel: log in, then totals, live. */
import { login } from './api.ts';
import { byId, setText } from './dom.ts';
import { asFailure, type ApiFailure } from './failure.ts';
import { time } from './format.ts';
import { createPanelView } from './panel-view.ts';
import { clearSession, loadSession, saveSession, type Session } from './session.ts';
import { countdown } from './timing.ts';
import { followTotal, type TotalListener } from './total-feed.ts';

/** The longest delay that a browser timer takes, in milliseconds. */
const MAX_TIMER = 2_147_483_647;

const poll = new URLSearchParams(location.search).get('paredao');
const form = byId('login', HTMLFormElement);
const user = byId('usuario', HTMLInputElement);
const password = byId('senha', HTMLInputElement);
const enter = byId('entrar', HTMLButtonElement);
const error = byId('login-erro', HTMLElement);
const banner = byId('conexao', HTMLElement);
const pill = byId('estado-conexao', HTMLElement);
const view = createPanelView();

let feed = { stop: () => {} };
let counting = { stop: () => {} };
let expiry: ReturnType<typeof setTimeout> | undefined;

function setConnection(state: 'live' | 'lost' | 'missing', text: string): void {
  document.body.dataset['conexao'] = state;
  setText(pill, state === 'live' ? 'Conectado' : 'Sem conexão');
  setText(banner, text);
}

const listener: TotalListener = {
  onTotal: (total) => {
    document.body.dataset['carregado'] = 'true';
    view.show(total);
  },
  onLive() {
    counting.stop();
    setConnection('live', '');
  },
  onLost(failure, delay) {
    const why = failure.kind === 'offline' ? 'Sem internet' : 'Sem conexão ao vivo com a apuração';
    setConnection('lost', `${why}. Os números podem estar atrasados.`);
    counting.stop();
    counting = countdown(delay, (seconds) =>
      setText(pill, seconds > 0 ? `Reconectando em ${seconds} s` : 'Reconectando…'),
    );
  },
  onDenied(failure) {
    const expired = failure.status === 401;
    leave(expired ? 'A sua sessão terminou. Entre de novo.' : 'Este usuário não pode ver os totais.');
  },
  onMissing() {
    counting.stop();
    setConnection(
      'missing',
      poll === null ? 'Ainda não há paredão. O painel abre sozinho.' : `Não existe o paredão nº ${poll}.`,
    );
  },
};

function enterPanel(session: Session): void {
  document.body.dataset['view'] = 'painel';
  setText(error, '');
  const left = session.expiresAt - Date.now();
  expiry = setTimeout(() => leave('A sua sessão terminou. Entre de novo.'), Math.min(left, MAX_TIMER));
  feed = followTotal(session.token, poll, listener);
}

function leave(reason: string): void {
  feed.stop();
  counting.stop();
  clearTimeout(expiry);
  clearSession();
  document.body.dataset['view'] = 'login';
  setText(banner, '');
  setText(error, reason);
  user.focus();
}

function loginProblem(failure: ApiFailure): string {
  if (failure.status === 401) return 'Usuário ou senha não conferem.';
  if (failure.status === 429) return `Muitas tentativas. Espere ${failure.retryAfter ?? 60} s e tente de novo.`;
  if (failure.kind === 'offline') return 'Você está sem internet.';
  return failure.status === 400 ? 'Preencha usuário e senha.' : 'Não foi possível entrar agora. Tente de novo.';
}

async function submit(): Promise<void> {
  if (enter.getAttribute('aria-disabled') === 'true') return;
  if (user.value === '' || password.value === '') {
    setText(error, 'Preencha usuário e senha.');
    return (user.value === '' ? user : password).focus();
  }
  setText(error, '');
  enter.setAttribute('aria-disabled', 'true');
  setText(enter, 'Entrando…');
  try {
    const { token, lifetime } = await login(user.value, password.value);
    const session = { token, expiresAt: Date.now() + lifetime };
    saveSession(session);
    password.value = '';
    enterPanel(session);
  } catch (problem) {
    setText(error, loginProblem(asFailure(problem)));
    password.select();
  }
  enter.setAttribute('aria-disabled', 'false');
  setText(enter, 'Entrar');
}

form.addEventListener('submit', (event) => {
  event.preventDefault();
  void submit();
});
byId('sair', HTMLButtonElement).addEventListener('click', () => leave('Você saiu do painel.'));
byId('atual', HTMLAnchorElement).hidden = poll === null;

const clock = byId('relogio', HTMLElement);
const second = () => {
  setText(clock, time(new Date().toISOString()));
  view.tick();
};
setInterval(second, 1_000);
second();

const session = loadSession();
if (session && session.expiresAt > Date.now()) enterPanel(session);
else if (session) leave('A sua sessão terminou. Entre de novo.');
