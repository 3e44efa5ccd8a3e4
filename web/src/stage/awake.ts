/** What a page on a wall needs of its browser. */

/** Whether the browser can keep its screen on: only where it trusts the address (HTTPS, or this machine). */
export const canStayAwake = (): boolean => 'wakeLock' in navigator;

/** Keeps the screen on, as long as the page is seen. A browser takes the lock back whenever it is not. */
export function stayAwake(): void {
  if (!canStayAwake()) return;
  const ask = (): void => {
    if (!document.hidden) void navigator.wakeLock.request('screen').catch(() => undefined);
  };
  document.addEventListener('visibilitychange', ask);
  ask();
}

/** The key F and a double click fill the screen, and leave it again. */
export function offerFullScreen(isAllowed: () => boolean): void {
  const toggle = (): void => {
    if (!isAllowed()) return;
    const done = document.fullscreenElement ? document.exitFullscreen() : document.documentElement.requestFullscreen();
    void done.catch(() => undefined);
  };
  document.addEventListener('dblclick', toggle);
  document.addEventListener('keydown', ({ key, ctrlKey, metaKey, altKey }) => {
    if (key.toLowerCase() === 'f' && !ctrlKey && !metaKey && !altKey) toggle();
  });
}
