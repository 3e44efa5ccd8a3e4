/** The stage with a draft, for staff: what production will put on the wall, without a cue. Nothing is asked of the real stage. */
import type { PollSummary } from '#contract';
import { Picture } from '../stage/picture.ts';
import { asFailure } from '../shared/failure.ts';
import { byId, setText } from '../shared/dom.ts';
import { serverClock } from '../shared/server-clock.ts';
import { createLoop } from '../shared/timing.ts';
import { fetchDraft, missing, onAir } from './draft.ts';
import { type Wanted, madeUp } from './made-up.ts';

/** Between two looks at the draft, ms: what is written in its form is seen here soon. */
const REFRESH = 1_500;
/** While nothing moves but the countdown, ms. */
const TICK = 100;

/** What is made up, beside the mark. */
const MADE_UP: Partial<Record<Wanted['modo'], string>> = {
  parcial: 'números inventados',
  revelacao: 'resultado inventado',
};

const mark = byId('previa', HTMLElement);
const bar = byId('previa-modos', HTMLFormElement);
const buttons = [...bar.querySelectorAll('button')];
const picture = new Picture();
let draft: PollSummary | undefined;
let isUnsaved = false;
let since = serverClock.now();
let wanted: Wanted = { modo: 'contagem', leader: 0, at: new Date(since).toISOString() };
let next = 0;

function paint(): void {
  cancelAnimationFrame(next);
  if (!draft) return;
  const now = serverClock.now();
  if (picture.paint({ frame: madeUp(onAir(draft), wanted), since }, now)) next = requestAnimationFrame(paint);
}

function label(): void {
  const parts = ['Prévia', MADE_UP[wanted.modo], isUnsaved ? 'com o que não foi salvo' : undefined];
  setText(mark, parts.filter(Boolean).join(' · '));
  for (const button of buttons) button.setAttribute('aria-pressed', String(button.value === wanted.modo));
}

/** Each reveal has another participant last. */
function show(modo: Wanted['modo']): void {
  since = serverClock.now();
  const count = draft?.participantes.length ?? 1;
  const leader = modo === 'revelacao' ? (wanted.leader % count) + 1 : wanted.leader;
  wanted = { modo, leader, at: new Date(since).toISOString() };
  label();
  paint();
}

async function look(): Promise<number | null> {
  try {
    const found = await fetchDraft();
    draft = found.poll;
    isUnsaved = found.isUnsaved;
    document.body.dataset['view'] = 'palco';
    label();
    paint();
  } catch (error) {
    // without a line, what is there stays
    if (draft && asFailure(error).status === 0) return REFRESH;
    document.body.dataset['view'] = 'nada';
    draft = undefined;
    setText(mark, missing(error));
    return null;
  }
  return REFRESH;
}

for (const button of buttons) button.addEventListener('click', () => show(button.value as Wanted['modo']));
setInterval(paint, TICK);
createLoop().start(look);
