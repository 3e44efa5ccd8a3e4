import { byId, element, setText } from '../shared/dom.ts';
import { forgetReceipt, forgetReceipts, keptPath, keptReceipts, type KeptReceipt } from '../shared/kept-receipts.ts';
import type { Confirm } from './confirm.ts';

const count = (receipts: number): string => (receipts === 1 ? 'o recibo' : `os ${String(receipts)} recibos`);
const FOR_GOOD = 'Ninguém mais tem uma cópia, a não ser que você tenha baixado, impresso ou mostrado.';

/** What this browser keeps, with buttons that delete one or all. */
export interface ReceiptList {
  /** Reads them again: another tab may have voted. */
  show(): void;
  /** Asks, and deletes one. */
  forget(key: string): void;
}

/** @param onForgotten called after something was deleted */
export function createReceiptList(confirm: Confirm, onForgotten: () => void): ReceiptList {
  const list = byId('lista', HTMLUListElement);
  const none = byId('nenhum', HTMLElement);
  const all = byId('apagar-todos', HTMLButtonElement);
  const ears = byId('apagado', HTMLElement);

  const ask = (question: string, act: () => void, then: string): void =>
    confirm(`${question} ${FOR_GOOD}`, () => {
      act();
      show();
      setText(ears, then);
      onForgotten();
    });
  const forget = (key: string): void => ask('Apagar este recibo?', () => forgetReceipt(key), 'Recibo apagado.');

  function show(): void {
    const receipts = keptReceipts();
    list.replaceChildren(...receipts.map((receipt) => row(receipt, forget)));
    none.hidden = receipts.length > 0;
    all.hidden = receipts.length === 0;
  }

  all.addEventListener('click', () => {
    const question = `Apagar ${count(keptReceipts().length)} deste aparelho?`;
    ask(question, forgetReceipts, 'Todos os recibos foram apagados.');
  });
  return { show, forget };
}

function row({ key, titulo, whatFor, chave }: KeptReceipt, forget: (key: string) => void): HTMLLIElement {
  const vote = `Voto ${whatFor}`;
  const line = chave === undefined ? vote : `ENSAIO · ${vote}`;
  const link = element('a', [element('strong', titulo), element('span', line)]);
  link.href = keptPath(key);
  const button = element('button', 'Apagar', 'quiet');
  button.type = 'button';
  button.setAttribute('aria-label', `Apagar o recibo: ${titulo}, ${vote}`);
  button.addEventListener('click', () => forget(key));
  return element('li', [link, button]);
}
