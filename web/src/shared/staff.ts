/** What the pages behind a login have in common: the form, the session, the connection, the clock. */
import { LoginSession, deniedReason } from './login-session.ts';
import { byId, setText } from './dom.ts';
import type { ApiFailure } from './failure.ts';
import { follow, type FeedListener, type FeedSource } from './feed.ts';
import { time } from './format.ts';
import { serverClock } from './server-clock.ts';
import { countdown } from './timing.ts';

/** A page that shows one stream to those who may see it. */
export interface StaffPage<T> {
  readonly source: FeedSource<T>;
  /** Called with the token when somebody comes in, and with another one when it is renewed. */
  readonly enter?: (token: string) => void;
  readonly renewed?: (token: string) => void;
  /** Called when they go. */
  readonly leave?: () => void;
  readonly show: (data: T) => void;
  /** Called when the stream is there, or there again. */
  readonly live?: () => void;
  /** Called every second. */
  readonly tick: () => void;
  /** What the page says when the stream is broken, … */
  readonly lost: string;
  /** … when this user may not see it, when there is nothing to see, and after "Sair". */
  readonly denied: string;
  readonly missing: string;
  readonly left: string;
}

const banner = byId('conexao', HTMLElement);
const pill = byId('estado-conexao', HTMLElement);

const PILL = { live: 'Conectado', lost: 'Sem conexão', missing: 'Sem conexão', resting: 'Voltando…' };

function setConnection(state: keyof typeof PILL, text: string): void {
  document.body.dataset['conexao'] = state;
  setText(pill, PILL[state]);
  setText(banner, text);
}

class Runner<T> implements FeedListener<T> {
  readonly #page: StaffPage<T>;
  readonly #login: LoginSession;
  #feed = { stop: () => {} };
  #token = '';
  #counting = { stop: () => {} };
  /** Somebody has just logged in, and what they came for is not there yet. */
  #isAwaited = false;

  constructor(page: StaffPage<T>) {
    this.#page = page;
    this.#login = new LoginSession(
      {
        onEnter: ({ token }) => {
          this.#isAwaited = byId('login', HTMLElement).contains(document.activeElement);
          this.#start(token);
        },
        onRenewed: ({ token }) => {
          this.#token = token;
          page.renewed?.(token);
        },
        onLeave: () => this.#stop(),
      },
      page.left,
    );
  }

  open(): void {
    this.#login.open();
  }

  onData(data: T): void {
    document.body.dataset['carregado'] = 'true';
    this.#page.show(data);
    if (this.#isAwaited) byId('conteudo', HTMLElement).focus({ preventScroll: true });
    this.#isAwaited = false;
  }

  onLive(): void {
    this.#counting.stop();
    const isBack = document.body.dataset['conexao'] !== 'live';
    setConnection('live', '');
    if (isBack) this.#page.live?.();
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
    this.#login.leave(deniedReason(failure, this.#page.denied));
  }

  onMissing(): void {
    this.#counting.stop();
    setConnection('missing', this.#page.missing);
  }

  onRest(): void {
    this.#counting.stop();
    setConnection('resting', '');
  }

  #start(token: string): void {
    this.#token = token;
    document.body.dataset['view'] = 'painel';
    this.#feed = follow(this.#page.source, () => this.#token, this);
    this.#page.enter?.(token);
  }

  #stop(): void {
    this.#feed.stop();
    this.#counting.stop();
    this.#page.leave?.();
    setText(banner, '');
  }
}

/** Runs a page: asks for the login, then shows what comes, until the login ends. */
export function runStaffPage<T>(page: StaffPage<T>): void {
  const runner = new Runner(page);
  const clock = byId('relogio', HTMLElement);
  const second = () => {
    setText(clock, time(new Date(serverClock.now()).toISOString()));
    page.tick();
  };
  setInterval(second, 1_000);
  second();
  runner.open();
}
