/** Milliseconds, plus up to 20 %, so that pages opened in the same second do not keep asking in the same second. */
export const jitter = (ms: number): number => ms * (1 + 0.2 * Math.random());

/** Any time within `ms` milliseconds: what broke for everybody at once must not be tried again by everybody at once. */
export const spread = (ms: number): number => ms * Math.random();

/** Resolves after `ms` milliseconds. */
export const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Resolves when the browser reports a line; after `atMost` ms in any case, because that report is not always right. */
export function untilOnline(atMost: number): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      window.removeEventListener('online', done);
      resolve();
    };
    const timer = setTimeout(done, atMost);
    window.addEventListener('online', done);
  });
}

/** Resolves at once while the page can be seen, otherwise as soon as it can. */
function untilVisible(): Promise<void> {
  if (!document.hidden) return Promise.resolve();
  return new Promise((resolve) => {
    const check = () => {
      if (document.hidden) return;
      document.removeEventListener('visibilitychange', check);
      resolve();
    };
    document.addEventListener('visibilitychange', check);
  });
}

/** Calls `show` with the whole seconds left, at once and on each change, until `stop` is called or 0 is shown. */
export function countdown(ms: number, show: (seconds: number) => void): { stop(): void } {
  const end = performance.now() + ms;
  const left = () => Math.max(Math.ceil((end - performance.now()) / 1_000), 0);
  show(left());
  const timer = setInterval(() => {
    show(left());
    if (left() === 0) clearInterval(timer);
  }, 250);
  return { stop: () => clearInterval(timer) };
}

/**
 * One repeating task at a time: `start` replaces the running one, after so many milliseconds; `stop` ends it. The task says how long to
 * wait (ms, null = end).
 */
export function createLoop(): { start(task: () => Promise<number | null>, after?: number): void; stop(): void } {
  let generation = 0;
  const run = async (task: () => Promise<number | null>, after: number, mine: number) => {
    for (let pause: number | null = after; pause !== null;) {
      if (pause > 0) await sleep(pause);
      if (mine !== generation) return;
      await untilVisible();
      if (mine !== generation) return;
      pause = await task();
    }
  };
  return {
    start: (task, after = 0) => void run(task, after, ++generation),
    stop: () => {
      generation++;
    },
  };
}
