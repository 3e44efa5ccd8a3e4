import { login } from './api.ts';
import { byId, setText, whileBusy } from './dom.ts';
import { asFailure, type ApiFailure } from './failure.ts';
import { clearSession, loadSession, saveSession, type Session } from './session.ts';
import { SessionRenewal, type RenewalPolicy } from './session-renewal.ts';

/** The longest delay that a browser timer takes, in milliseconds. */
const MAX_TIMER = 2_147_483_647;

const EXPIRED = 'A sua sessão terminou. Entre de novo.';

/** What the page does when somebody comes in, and when they go. */
export interface LoginListener {
  onEnter(session: Session): void;
  /** The same person goes on with another token. */
  onRenewed(session: Session): void;
  /** @param isOver their session came to its end, and they may be back */
  onLeave(isOver: boolean): void;
}

function loginProblem(failure: ApiFailure): string {
  if (failure.status === 401) return 'Usuário ou senha não conferem.';
  if (failure.status === 429) return `Muitas tentativas. Espere ${failure.retryAfter ?? 60} s e tente de novo.`;
  if (failure.kind === 'offline') return 'Você está sem internet.';
  return failure.status === 400 ? 'Preencha usuário e senha.' : 'Não foi possível entrar agora. Tente de novo.';
}

/** Why a request with a token was refused. */
export const deniedReason = (failure: ApiFailure, forbidden: string): string =>
  failure.status === 401 ? EXPIRED : forbidden;

/** The login form of the pages for staff, and the session behind it. `data-view` on the body is `login` outside. */
export class LoginSession {
  readonly #user = byId('usuario', HTMLInputElement);
  readonly #password = byId('senha', HTMLInputElement);
  readonly #button = byId('entrar', HTMLButtonElement);
  readonly #error = byId('login-erro', HTMLElement);
  readonly #listener: LoginListener;
  readonly #renewal: SessionRenewal;
  #expiry: ReturnType<typeof setTimeout> | undefined;

  /** Wires the form `#login` and the button `#sair`. */
  constructor(listener: LoginListener, goodbye: string, renewal: RenewalPolicy = 'in-use') {
    this.#listener = listener;
    this.#renewal = new SessionRenewal(renewal, (session) => this.renew(session));
    byId('login', HTMLFormElement).addEventListener('submit', (event) => {
      event.preventDefault();
      void whileBusy(this.#button, () => this.#submit());
    });
    byId('sair', HTMLButtonElement).addEventListener('click', () => this.leave(goodbye));
  }

  /** Lets in who has a session already. Call once. */
  open(): void {
    const session = loadSession();
    if (session && session.expiresAt > Date.now()) this.#enter(session);
    else if (session) this.leave(EXPIRED);
  }

  /** Ends the session; `reason` stands above the form, which gets the focus. */
  leave(reason: string): void {
    clearTimeout(this.#expiry);
    this.#renewal.stop();
    clearSession();
    this.#listener.onLeave(reason === EXPIRED);
    document.body.dataset['view'] = 'login';
    setText(this.#error, reason);
    this.#user.focus();
  }

  /** Goes on with another session of the same person. */
  renew(session: Session): void {
    const whole = { ...session, user: session.user || (loadSession()?.user ?? '') };
    this.#keep(whole);
    this.#listener.onRenewed(whole);
  }

  #enter(session: Session): void {
    setText(this.#error, '');
    this.#keep(session);
    this.#listener.onEnter(session);
  }

  #keep(session: Session): void {
    saveSession(session);
    clearTimeout(this.#expiry);
    const left = session.expiresAt - Date.now();
    this.#expiry = setTimeout(() => this.leave(EXPIRED), Math.min(left, MAX_TIMER));
    this.#renewal.start(session);
  }

  async #submit(): Promise<void> {
    if (this.#user.value === '' || this.#password.value === '') {
      setText(this.#error, 'Preencha usuário e senha.');
      return (this.#user.value === '' ? this.#user : this.#password).focus();
    }
    setText(this.#error, '');
    setText(this.#button, 'Entrando…');
    try {
      const session = await login(this.#user.value, this.#password.value);
      this.#password.value = '';
      this.#enter(session);
    } catch (problem) {
      setText(this.#error, loginProblem(asFailure(problem)));
      this.#password.select();
    }
    setText(this.#button, 'Entrar');
  }
}
