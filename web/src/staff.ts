/** What the pages behind a login have in common: the form, the session, the connection, the clock. */
import { login } from './api.ts';
import { byId, setText } from './dom.ts';
import { asFailure, type ApiFailure } from './failure.ts';
import { follow, type FeedListener, type FeedSource } from './feed.ts';
import { time } from './format.ts';
import { clearSession, loadSession, saveSession, type Session } from './session.ts';
import { countdown } from './timing.ts';

/** The longest delay that a browser timer takes, in milliseconds. */
const MAX_TIMER = 2_147_483_647;
const EXPIRED = 'A sua sessão terminou. Entre de novo.';

/** A page that shows one stream to those who may see it. */
export interface StaffPage<T> {
  readonly source: FeedSource<T>;
  readonly show: (data: T) => void;
  /** Called every second. */
  readonly tick: () => void;
  /** What the page says when the stream is broken, … */
  readonly lost: string;
  /** … when this user may not see it, when there is nothing to see, and after "Sair". */
  readonly denied: string;
  readonly missing: string;
  readonly left: string;
}

function loginProblem(failure: ApiFailure): string {
  if (failure.status === 401) return 'Usuário ou senha não conferem.';
  if (failure.status === 429) return `Muitas tentativas. Espere ${failure.retryAfter ?? 60} s e tente de novo.`;
  if (failure.kind === 'offline') return 'Você está sem internet.';
  return failure.status === 400 ? 'Preencha usuário e senha.' : 'Não foi possível entrar agora. Tente de novo.';
}

const user = byId('usuario', HTMLInputElement);
const password = byId('senha', HTMLInputElement);
const enter = byId('entrar', HTMLButtonElement);
const error = byId('login-erro', HTMLElement);
const banner = byId('conexao', HTMLElement);
const pill = byId('estado-conexao', HTMLElement);

function setConnection(state: 'live' | 'lost' | 'missing', text: string): void {
  document.body.dataset['conexao'] = state;
  setText(pill, state === 'live' ? 'Conectado' : 'Sem conexão');
  setText(banner, text);
}

class Runner<T> implements FeedListener<T> {
  readonly #page: StaffPage<T>;
  #feed = { stop: () => {} };
  #counting = { stop: () => {} };
  #expiry: ReturnType<typeof setTimeout> | undefined;

  constructor(page: StaffPage<T>) {
    this.#page = page;
  }

  enter(session: Session): void {
    document.body.dataset['view'] = 'painel';
    setText(error, '');
    const left = session.expiresAt - Date.now();
    this.#expiry = setTimeout(() => this.leave(EXPIRED), Math.min(left, MAX_TIMER));
    this.#feed = follow(this.#page.source, session.token, this);
  }

  leave(reason: string): void {
    this.#feed.stop();
    this.#counting.stop();
    clearTimeout(this.#expiry);
    clearSession();
    document.body.dataset['view'] = 'login';
    setText(banner, '');
    setText(error, reason);
    user.focus();
  }

  onData(data: T): void {
    document.body.dataset['carregado'] = 'true';
    this.#page.show(data);
  }

  onLive(): void {
    this.#counting.stop();
    setConnection('live', '');
  }

  onLost(failure: ApiFailure, delay: number): void {
    const why = failure.kind === 'offline' ? 'Sem internet' : this.#page.lost;
    setConnection('lost', `${why}. Os números podem estar atrasados.`);
    this.#counting.stop();
    this.#counting = countdown(delay, (seconds) =>
      setText(pill, seconds > 0 ? `Reconectando em ${seconds} s` : 'Reconectando…'),
    );
  }

  onDenied(failure: ApiFailure): void {
    this.leave(failure.status === 401 ? EXPIRED : this.#page.denied);
  }

  onMissing(): void {
    this.#counting.stop();
    setConnection('missing', this.#page.missing);
  }

  async submit(): Promise<void> {
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
      this.enter(session);
    } catch (problem) {
      setText(error, loginProblem(asFailure(problem)));
      password.select();
    }
    enter.setAttribute('aria-disabled', 'false');
    setText(enter, 'Entrar');
  }
}

/** Runs a page: asks for the login, then shows what comes, until the login ends. */
export function runStaffPage<T>(page: StaffPage<T>): void {
  const runner = new Runner(page);
  byId('login', HTMLFormElement).addEventListener('submit', (event) => {
    event.preventDefault();
    void runner.submit();
  });
  byId('sair', HTMLButtonElement).addEventListener('click', () => runner.leave(page.left));
  const clock = byId('relogio', HTMLElement);
  const second = () => {
    setText(clock, time(new Date().toISOString()));
    page.tick();
  };
  setInterval(second, 1_000);
  second();
  const session = loadSession();
  if (session && session.expiresAt > Date.now()) runner.enter(session);
  else if (session) runner.leave(EXPIRED);
}
