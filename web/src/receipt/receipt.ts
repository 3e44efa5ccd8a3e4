/** The receipts of one's own votes: those that this browser keeps, and the one in the address. No request names a vote. */
import './older-browsers.ts';
import { byId } from '../shared/dom.ts';
import { keepKeys, keptKeys } from '../shared/kept-keys.ts';
import { keptReceipt, keyIn } from '../shared/kept-receipts.ts';
import { keepPollInLinks, rehearsalKey } from '../shared/this-poll.ts';
import { check } from './check.ts';
import type { Opening } from './ballot-box.ts';
import { createConfirm } from './confirm.ts';
import { isSignedBy } from './keys.ts';
import { createReceiptList } from './receipt-list.ts';
import {
  type Heading,
  type Shown,
  hideReceipt,
  showFinding,
  showKeys,
  showReceipt,
  showSaid,
  wireReceipt,
} from './receipt-view.ts';
import { heldReceipt } from './vote.ts';
import { CHECKING, DAMAGED } from './words.ts';
import { pageIsWhole } from '../shared/whole.ts';

const forgetThis = byId('apagar', HTMLButtonElement);
const list = createReceiptList(createConfirm(), onForgotten);
let shown: Shown | undefined;

const fragment = (): string => location.hash.slice(1);

/** The one that the fragment names, or holds; undefined for neither. */
function asked(): { readonly text: string; readonly heading: Heading; readonly chave: string | undefined } | undefined {
  const key = keyIn(fragment());
  if (key === undefined) return fragment() === '' ? undefined : byAddress(fragment());
  const kept = keptReceipt(key);
  return kept && { text: kept.recibo, heading: kept, chave: kept.chave };
}

const byAddress = (text: string) => ({
  ...{ text, heading: { titulo: 'Recibo de um voto', whatFor: '' }, chave: rehearsalKey() },
});

function show(): void {
  const wanted = asked();
  shown = undefined;
  document.body.dataset['view'] = wanted ? 'one' : 'list';
  if (wanted === undefined) return hideReceipt();
  const held = heldReceipt(wanted.text);
  showReceipt(held, wanted.heading);
  forgetThis.hidden = keyIn(fragment()) === undefined;
  if (held === undefined) return showSaid(DAMAGED);
  shown = { held, ...(wanted.chave !== undefined && { chave: wanted.chave }) };
  void checkShown(shown);
}

async function checkShown(now: Shown): Promise<void> {
  showSaid(CHECKING);
  const { origin } = now.held.receipt;
  now.finding = await check(now.held, now.chave, keptKeys(origin));
  // meanwhile another one may have been opened
  if (now !== shown) return;
  showFinding(now.held, now.finding);
  // of a receipt that somebody else showed here, nothing stays
  if (now.finding.kind === 'registered' && keyIn(fragment()) !== undefined) keep(origin, now.finding.opening);
  showKeys(now);
}

/** The keys of a box, if the service signed them: others would prove nothing. */
function keep(origin: string, { nota, zeresima }: Opening): void {
  const { servico } = zeresima.chaves;
  if (isSignedBy(nota, servico)) keepKeys(origin, { nota, servico });
}

function onForgotten(): void {
  const key = keyIn(fragment());
  if (key === undefined || keptReceipt(key)) return;
  history.replaceState(null, '', location.pathname + location.search);
  show();
  byId('guardados-titulo', HTMLElement).focus();
}

wireReceipt(() => shown);
forgetThis.addEventListener('click', () => {
  const key = keyIn(fragment());
  if (key !== undefined) list.forget(key);
});
byId('tentar', HTMLButtonElement).addEventListener('click', () => {
  if (shown) void checkShown(shown);
});
window.addEventListener('hashchange', () => {
  show();
  if (document.body.dataset['view'] === 'one') byId('recibo', HTMLElement).focus();
});
window.addEventListener('storage', () => list.show());
keepPollInLinks();
list.show();
show();
pageIsWhole();
