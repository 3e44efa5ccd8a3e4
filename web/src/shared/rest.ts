/** A page that nobody sees for so long lets go of what it follows, ms: a look at another tab costs nothing. */
const GRACE = 10_000;

/** What a page does about it. */
export interface Resting {
  /** Nobody has seen it for a while. */
  readonly rest: () => void;
  /** It is seen again. */
  readonly wake: () => void;
  /** Whether it goes on though nobody sees it. */
  readonly staysAwake: () => boolean;
}

/** Tells a page when to rest and when to wake, until `stop` is called. */
export function watchRest({ rest, wake, staysAwake }: Resting): { stop(): void } {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const check = (): void => {
    clearTimeout(timer);
    if (!document.hidden) return wake();
    timer = setTimeout(() => (staysAwake() ? check() : rest()), GRACE);
  };
  check();
  document.addEventListener('visibilitychange', check);
  return {
    stop: () => {
      clearTimeout(timer);
      document.removeEventListener('visibilitychange', check);
    },
  };
}
