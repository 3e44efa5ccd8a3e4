import type { Stage } from '#contract';
import { byId, setName, setText } from '../shared/dom.ts';
import { described } from '../../../libs/wording/purpose.ts';
import type { OnAir } from './cue-follower.ts';
import { type PersonShown, showPeople } from './people.ts';
import { drawQr } from '../shared/qr.ts';
import { planReveal, shownPart } from './reveal.ts';
import { clockOf, isOver, resultWord, tagOf, wordOf } from './words.ts';

/** Titles and headlines of more characters get smaller letters. */
const SHORT_TITLE = 24;

const root = byId('palco', HTMLElement);
const [title, purpose, word] = [
  byId('titulo', HTMLElement),
  byId('finalidade', HTMLElement),
  byId('fala', HTMLElement),
];
const people = byId('pessoas', HTMLElement);
const rehearsal = byId('ensaio', HTMLElement);
const clock = byId('relogio', HTMLElement);
const [phase, left, at] = ['fase', 'falta', 'hora'].map((part) => byId(`relogio-${part}`, HTMLElement)) as [
  HTMLElement,
  HTMLElement,
  HTMLElement,
];
const vote = byId('votar', HTMLElement);
const qr = byId('qr', HTMLElement);
const address = byId('endereco', HTMLElement);

const stillness = matchMedia('(prefers-reduced-motion: reduce)');

/** The picture on the wall. */
export class Picture {
  #link = '';

  /**
   * Paints what is on the wall at a time, by the server's clock, ms. The same again changes nothing.
   * @returns whether something moves, so that the next picture is due with the next frame of the screen
   */
  paint({ frame, since }: OnAir, now: number): boolean {
    const mode = frame.anulado ? 'anulado' : frame.modo;
    root.dataset['modo'] = mode;
    setName(title, frame.titulo, SHORT_TITLE);
    setText(purpose, described(frame.finalidade));
    rehearsal.hidden = frame.ensaio !== true;
    this.#paintClock(frame);
    this.#paintAddress(frame);
    if (mode === 'anulado') this.#paintPeople(frame, 'Esta votação foi anulada', () => null);
    else if (mode === 'parcial') this.#paintPartial(frame);
    else if (mode === 'revelacao' && frame.placar) return this.#paintReveal(frame, since, now);
    else this.#paintPeople(frame, wordOf(frame), () => null);
    return false;
  }

  #paintPartial(frame: Stage): void {
    this.#paintPeople(frame, wordOf(frame), (index) => frame.placar?.percentuais[index] ?? null);
  }

  #paintReveal(frame: Stage, since: number | null, now: number): boolean {
    const score = frame.placar!;
    const plan = planReveal(score);
    const elapsed = since === null || stillness.matches ? plan.ends : now - since;
    const word = elapsed >= plan.wordAt ? resultWord(frame, score) : '';
    root.dataset['revelado'] = String(word !== '');
    const shown = frame.participantes.map(({ numero }, index) => {
      const part = shownPart(plan, numero, elapsed);
      if (part === null) return { percentual: null, tag: '', leads: false };
      const tag = part === 1 ? tagOf(frame.finalidade, numero, score) : '';
      const leads = word !== '' && score.primeiros.includes(numero);
      return { percentual: (score.percentuais[index] ?? 0) * part, tag, leads };
    });
    this.#show(frame, word, shown);
    return elapsed < plan.ends;
  }

  #paintPeople(frame: Stage, text: string, percentOf: (index: number) => number | null): void {
    root.dataset['revelado'] = 'false';
    const shown = frame.participantes.map((_, index) => ({ percentual: percentOf(index), tag: '', leads: false }));
    this.#show(frame, text, shown);
  }

  #show(frame: Stage, text: string, shown: readonly PersonShown[]): void {
    setName(word, text, SHORT_TITLE);
    showPeople(people, frame, shown);
  }

  #paintClock(frame: Stage): void {
    const shown = clockOf(frame);
    clock.dataset['fase'] = shown.phase;
    setText(phase, shown.label);
    setText(left, shown.left);
    left.style.setProperty('--chars', String(Math.max(shown.left.length, 4)));
    setText(at, shown.at);
  }

  #paintAddress(frame: Stage): void {
    vote.hidden = isOver(frame);
    const origin = frame.endereco ?? location.origin;
    const link = origin + frame.caminho;
    if (link === this.#link) return;
    this.#link = link;
    qr.replaceChildren(drawQr(link));
    setText(address, new URL(origin).host);
  }
}
