import { changePassword } from '../shared/api.ts';
import { byId, within } from '../shared/dom.ts';
import type { ApiFailure } from '../shared/failure.ts';
import { attempt, say } from './feedback.ts';
import type { Session } from '../shared/session.ts';

const MIN_LENGTH = 12;

/** What is wrong with a new password before anybody is asked; '' when nothing is. */
function complaint(current: string, next: string, again: string): string {
  if (current === '' || next === '') return 'Preencha a senha atual e a nova.';
  if (next.length < MIN_LENGTH) return `A senha nova precisa de pelo menos ${MIN_LENGTH} caracteres.`;
  return next === again ? '' : 'As duas senhas novas são diferentes.';
}

/** The session that the form works in. */
interface PasswordFormOptions {
  readonly token: () => string;
  /** Tokens from before have ended: this one goes on. */
  readonly renewed: (session: Session) => void;
  readonly denied: (failure: ApiFailure) => void;
}

/** Wires `#trocar`. A wrong current password is no reason to leave. */
export function wirePasswordForm({ token, renewed, denied }: PasswordFormOptions): void {
  const form = byId('trocar', HTMLFormElement);
  const field = (name: string) => within(form, `[name="${name}"]`, HTMLInputElement);
  const line = within(form, '.feedback', HTMLElement);
  const button = within(form, 'button', HTMLElement);
  const unlessWrong = (failure: ApiFailure): void => {
    if (failure.code !== 'invalid-credentials') denied(failure);
  };
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    const [current, next, again] = ['atual', 'nova', 'outra'].map((name) => field(name).value) as [
      string,
      string,
      string,
    ];
    const wrong = complaint(current, next, again);
    if (wrong !== '') return say(line, 'bad', wrong);
    const send = () => changePassword(token(), current, next);
    void attempt({ line, button, denied: unlessWrong }, 'Senha trocada.', send).then((session) => {
      if (!session) return;
      form.reset();
      renewed(session);
    });
  });
}
