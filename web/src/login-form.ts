import { login } from './api.ts';
import { byId, setText } from './dom.ts';
import { asFailure, type ApiFailure } from './failure.ts';
import { clearSession, loadSession, saveSession, type Session } from './session.ts';

/** The longest delay that a browser timer takes, in milliseconds. */
const MAX_TIMER = 2_147_483_647;
export const EXPIRED = 'A sua sessão terminou. Entre de novo.';

function loginProblem(failure: ApiFailure): string {
  if (failure.status === 401) return 'Usuário ou senha não conferem.';
  if (failure.status === 429) return `Muitas tentativas. Espere ${failure.retryAfter ?? 60} s e tente de novo.`;
  if (failure.kind === 'offline') return 'Você está sem internet.';
  return failure.status === 400 ? 'Preencha usuário e senha.' : 'Não foi possível entrar agora. Tente de novo.';
}

/** What a page does when somebody enters and leaves. */
export interface LoginActions {
  readonly onEnter: (session: Session) => void;
  readonly onLeave: () => void;
  /** What the form says after "Sair". */
  readonly left: string;
}

/** The way in and out of a page for staff. */
export class LoginForm {
  private readonly user = byId('usuario', HTMLInputElement);
  private readonly password = byId('senha', HTMLInputElement);
  private readonly enter = byId('entrar', HTMLButtonElement);
  private readonly error = byId('login-erro', HTMLElement);
  private expiry: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly actions: LoginActions) {
    byId('login', HTMLFormElement).addEventListener('submit', (event) => {
      event.preventDefault();
      void this.submit();
    });
    byId('sair', HTMLButtonElement).addEventListener('click', () => this.leave(actions.left));
  }

  /** Takes up the session of this tab, if it is still good. */
  resume(): void {
    const session = loadSession();
    if (session && session.expiresAt > Date.now()) this.begin(session);
    else if (session) this.leave(EXPIRED);
  }

  /** Back to the form, with the reason. */
  leave(reason: string): void {
    this.actions.onLeave();
    clearTimeout(this.expiry);
    clearSession();
    document.body.dataset['view'] = 'login';
    setText(this.error, reason);
    this.user.focus();
  }

  private begin(session: Session): void {
    document.body.dataset['view'] = 'painel';
    setText(this.error, '');
    this.expiry = setTimeout(() => this.leave(EXPIRED), Math.min(session.expiresAt - Date.now(), MAX_TIMER));
    this.actions.onEnter(session);
  }

  private async submit(): Promise<void> {
    const { user, password, enter, error } = this;
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
      this.begin(session);
    } catch (problem) {
      setText(error, loginProblem(asFailure(problem)));
      password.select();
    }
    enter.setAttribute('aria-disabled', 'false');
    setText(enter, 'Entrar');
  }
}
