import type { LineBand } from '../shared/line-band.ts';

/** Milliseconds between two looks at whether the challenge is still good. */
const KEEP_FRESH = 10_000;

/** What the page does while somebody visits it. */
export interface Visit {
  /** The page is seen again, or has a line again: it may have missed something. */
  readonly onBack: () => void;
  /** Every 10 s while the page can be seen. */
  readonly onBeat: () => void;
}

/** Says when the device has no line, and follows whether the page can be seen. */
export function watchVisit({ onBack, onBeat }: Visit, band: LineBand): void {
  const reflectLine = () =>
    navigator.onLine ? band.back() : band.lost('Você está sem internet. A página volta sozinha com a conexão.');
  window.addEventListener('offline', reflectLine);
  window.addEventListener('online', () => {
    reflectLine();
    onBack();
  });
  document.addEventListener('visibilitychange', () => {
    if (!document.hidden) onBack();
  });
  setInterval(() => {
    if (!document.hidden) onBeat();
  }, KEEP_FRESH);
  reflectLine();
}
