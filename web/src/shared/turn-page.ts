import { byId } from './dom.ts';

/** In a tab that nobody sees no frame comes, and on a busy phone the next two take their time, ms. */
const LIMIT_MS = 1_000;

/**
 * Hides what is on the page until what takes its place is laid out, so that nobody sees it move: for the few moments in which a vote becomes
 * something else. To be called before the page is changed. What is read aloud when it changes is not hidden.
 */
export function turnPage(): void {
  const main = byId('conteudo', HTMLElement);
  const focused = document.activeElement;
  main.classList.add('turning');
  let frame = 0;
  const show = (): void => {
    clearTimeout(timer);
    cancelAnimationFrame(frame);
    main.classList.remove('turning');
    // what is hidden loses the focus
    if (document.activeElement === document.body && focused instanceof HTMLElement)
      focused.focus({ preventScroll: true });
  };
  const timer = setTimeout(show, LIMIT_MS);
  // once painted without anything to be seen
  frame = requestAnimationFrame(() => (frame = requestAnimationFrame(show)));
}
