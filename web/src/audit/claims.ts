import { byId, element, setText } from '../shared/dom.ts';
import { announcedNumber } from '../../../libs/contract/announced.ts';
import type { AuditState } from '#contract';

type Listed = AuditState['paredoes'][number];

/** What the auditor brings to compare with: a result that was announced, and the commitment of an earlier report. */
export class ClaimsForm {
  readonly #fields = byId('anuncio-campos', HTMLElement);
  readonly #commitment = byId('anuncio-compromisso', HTMLInputElement);
  readonly #error = byId('anuncio-erro', HTMLElement);
  #poll: string | undefined;
  #offered = '';

  /** @param submitted somebody wants it compared */
  constructor(submitted: () => void) {
    byId('anuncio', HTMLFormElement).addEventListener('submit', (event) => {
      event.preventDefault();
      submitted();
    });
  }

  /** Fields for everybody in the poll. What is typed stays as long as it is the same poll. */
  offer(poll: Listed | undefined): void {
    const people = (poll?.participantes ?? []).map(({ numero, nome }) => ({ name: String(numero), label: nome }));
    const offered = JSON.stringify([poll?.paredao, people]);
    if (offered === this.#offered) return;
    this.#offered = offered;
    const isSame = poll?.paredao === this.#poll;
    this.#poll = poll?.paredao;
    const typed = new Map(isSame ? this.#inputs().map(({ name, value }) => [name, value]) : []);
    const fields = [{ name: 'total', label: 'Total de votos' }, ...people];
    this.#fields.replaceChildren(...fields.map(({ name, label }) => field(name, label, typed.get(name) ?? '')));
    if (isSame) return;
    this.#commitment.value = '';
    setText(this.#error, '');
  }

  /** As a part of a query, `&anunciado=…`; undefined where something cannot be read: then the page says so. */
  query(): string | undefined {
    const filled = this.#inputs().filter(({ value }) => value.trim() !== '');
    const wrong = filled.filter(({ name, value }) => !isReadable(name, value.trim()));
    for (const input of this.#inputs()) input.setAttribute('aria-invalid', String(wrong.includes(input)));
    wrong[0]?.focus();
    setText(
      this.#error,
      wrong.length === 0 ? '' : 'Escreva votos, como 1.001.471, ou uma porcentagem, como 62,73%. O total é em votos.',
    );
    if (wrong.length > 0) return undefined;
    const announced = filled.map(({ name, value }) => `${name}=${value.trim()}`).join(';');
    const commitment = this.#commitment.value.trim();
    return [
      announced === '' ? '' : `&anunciado=${encodeURIComponent(announced)}`,
      commitment === '' ? '' : `&compromisso=${encodeURIComponent(commitment)}`,
    ].join('');
  }

  #inputs(): HTMLInputElement[] {
    return [...this.#fields.querySelectorAll('input')];
  }
}

function isReadable(name: string, value: string): boolean {
  const number = announcedNumber(value);
  return number !== undefined && (name !== 'total' || 'votes' in number);
}

function field(name: string, label: string, value: string): HTMLElement {
  const input = element('input', '');
  Object.assign(input, { name, value, id: `anuncio-${name}`, autocomplete: 'off', maxLength: 24 });
  input.setAttribute('aria-describedby', 'anuncio-erro');
  const caption = element('label', label);
  caption.htmlFor = input.id;
  return element('div', [caption, input], 'claim');
}
