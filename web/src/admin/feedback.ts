import { whileBusy } from '../shared/dom.ts';
import { asFailure, type ApiFailure } from '../shared/failure.ts';

/** Why something was not done, for the one who wanted it. */
export function failureText(failure: ApiFailure): string {
  if (failure.kind === 'offline') return 'Você está sem internet.';
  if (failure.kind !== 'refused') return 'Sem resposta do serviço. Confira se foi feito antes de tentar de novo.';
  return failure.title || 'Não foi possível agora. Tente de novo.';
}

/** Writes into a `.feedback` line; '' empties it. */
export function say(line: HTMLElement, tone: 'good' | 'bad', text: string): void {
  line.dataset['tone'] = tone;
  line.textContent = text;
}

/**
 * Runs what a form or button asks for, one at a time: the button is busy meanwhile, and the line says how it went.
 * `denied` is called when the login is no longer valid.
 */
export async function attempt<T>(
  { line, button, denied }: { line: HTMLElement; button: HTMLElement; denied: (failure: ApiFailure) => void },
  done: string,
  task: () => Promise<T>,
): Promise<T | undefined> {
  return whileBusy(button, async () => {
    say(line, 'good', '');
    try {
      const value = await task();
      say(line, 'good', done);
      return value;
    } catch (error) {
      const failure = asFailure(error);
      say(line, 'bad', failureText(failure));
      if (failure.status === 401 || failure.status === 403) denied(failure);
      return undefined;
    }
  });
}

/** Shows a value from the server unless somebody is typing over it. */
export function offer(input: HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement, value: string): void {
  if (input.value === (input.dataset['shown'] ?? '')) input.value = value;
  input.dataset['shown'] = value;
}
