import { byId, element, setText } from '../shared/dom.ts';
import { moment } from '../shared/format.ts';
import { keptKeys } from '../shared/kept-keys.ts';
import { receiptPath } from '../shared/kept-receipts.ts';
import { drawQr } from '../shared/qr.ts';
import { aim } from '../../../libs/wording/purpose.ts';
import type { Finding } from './check.ts';
import { download } from './download.ts';
import type { HeldReceipt } from './vote.ts';
import { type Line, type Said, said } from './words.ts';

const article = byId('recibo', HTMLElement);
const title = byId('recibo-titulo', HTMLElement);
const what = byId('recibo-voto', HTMLElement);
const rehearsal = byId('recibo-ensaio', HTMLElement);
const facts = byId('recibo-dados', HTMLDListElement);
const code = byId('recibo-codigo', HTMLElement);
const codeBox = byId('recibo-qr', HTMLDetailsElement);
const again = byId('tentar', HTMLButtonElement);
const proof = byId('baixar-prova', HTMLButtonElement);
const more = byId('recibo-mais', HTMLElement);

/** The receipt that is shown. */
export interface Shown {
  readonly held: HeldReceipt;
  /** The key in the link of its rehearsal. */
  readonly chave?: string;
  /** Once it was checked. */
  finding?: Finding;
}

/** What is known of a vote before anybody was asked. */
export interface Heading {
  readonly titulo: string;
  readonly whatFor: string;
}

function showLine(id: string, { mark, text }: Line): void {
  const line = byId(id, HTMLElement);
  line.dataset['marca'] = mark;
  setText(line.querySelector('.word-text')!, text);
}

export function showSaid({ registered, counted }: Said): void {
  showLine('registrado', registered);
  showLine('contado', counted);
}

/** Shows that a receipt is there, before it is checked; undefined where the text is none. */
export function showReceipt(held: HeldReceipt | undefined, { titulo, whatFor }: Heading): void {
  article.hidden = false;
  again.hidden = true;
  rehearsal.hidden = true;
  proof.hidden = true;
  more.hidden = held === undefined;
  setText(title, titulo);
  setText(what, whatFor === '' ? '' : `Voto ${whatFor}`);
  codeBox.open = false;
  code.replaceChildren();
  if (held === undefined) return;
  const rows = [
    ['Paredão', held.paredao],
    ['Participante', String(held.vote.participant)],
    ['Votado em', `${moment(held.vote.at)} de Brasília`],
    ['Urna', held.receipt.origin],
    ['Voto', held.vote.id],
  ] as const;
  facts.replaceChildren(...rows.map(([name, value]) => element('div', [element('dt', name), element('dd', value)])));
}

/** Whether another try may find more. */
const mayChange = (finding: Finding): boolean =>
  finding.kind === 'unreachable' ||
  (finding.kind === 'registered' && ['unreachable', 'preparing'].includes(finding.counted.kind));

/** The file that proves that the vote is in the box (C2SP tlog-proof). */
const proofIn = (finding: Finding | undefined): string | undefined =>
  finding?.kind === 'registered' && 'proof' in finding.counted ? finding.counted.proof : undefined;

/** Shows what was found; what the leaf itself says counts, and not what was kept beside it. */
export function showFinding(held: HeldReceipt, finding: Finding): void {
  showSaid(said(finding));
  again.hidden = !mayChange(finding);
  proof.hidden = proofIn(finding) === undefined;
  if (finding.kind !== 'registered') return;
  const { titulo, finalidade, participantes, ensaio } = finding.opening.zeresima;
  const name = participantes.find(({ numero }) => numero === held.vote.participant)?.nome;
  setText(title, titulo);
  setText(what, `Voto ${aim(finalidade, name ?? `o participante ${String(held.vote.participant)}`)}`);
  rehearsal.hidden = ensaio !== true;
}

/** The keys that it is checked with: those that were kept, or those of the box; undefined before they are known. */
const keysFor = ({ held, finding }: Shown): string | undefined =>
  keptKeys(held.receipt.origin)?.nota ?? (finding?.kind === 'registered' ? finding.opening.nota : undefined);

/** Shows the keys beside the rest, for paper: with them whoever has the receipt needs nothing that the service says later. */
export function showKeys(shown: Shown): void {
  const nota = keysFor(shown);
  facts.querySelector('.note')?.parentElement?.remove();
  if (nota !== undefined) facts.append(element('div', [element('dt', 'Chaves da urna'), element('dd', nota, 'note')]));
}

export function hideReceipt(): void {
  article.hidden = true;
}

const drawCode = ({ held, chave }: Shown): void => {
  if (code.childElementCount > 0) return;
  const address = new URL(receiptPath(held.text, chave), location.origin).href;
  code.replaceChildren(drawQr(address, 'Código QR com o endereço deste recibo', 'seventh'));
};

/** Wires what is done with the receipt that is shown. */
export function wireReceipt(shown: () => Shown | undefined): void {
  const withReceipt = (act: (now: Shown) => void) => () => {
    const now = shown();
    if (now) act(now);
  };
  codeBox.addEventListener(
    'toggle',
    withReceipt((now) => codeBox.open && drawCode(now)),
  );
  // what is folded on the screen is on paper
  window.addEventListener(
    'beforeprint',
    withReceipt((now) => {
      drawCode(now);
      for (const box of article.querySelectorAll('details')) box.open = true;
    }),
  );
  proof.addEventListener(
    'click',
    withReceipt(({ held, finding }) => download(`voto-paredao-${held.paredao}.tlog-proof`, proofIn(finding) ?? '')),
  );
  byId('imprimir', HTMLButtonElement).addEventListener('click', () => window.print());
  byId('baixar', HTMLButtonElement).addEventListener(
    'click',
    withReceipt((now) => download(`recibo-paredao-${now.held.paredao}.txt`, `${now.held.text}\n${keysFor(now) ?? ''}`)),
  );
}
