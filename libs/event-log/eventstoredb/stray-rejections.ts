/**
 * Code of the client and of its transport. Their errors leave the adapter only translated, so a raw one that nobody
 * handles is the client's own: it lets promises fail unheard when a connection breaks.
 */
const CLIENT_CODE = /[\\/](@eventstore[\\/]db-client|@grpc[\\/]grpc-js)[\\/]/;

type Listener = (error: Error) => void;

const listeners = new Set<Listener>();

/** Keeps the client's stray rejections from ending the process while an adapter is open. All others do what they always do. */
export function containStrayRejections(listener: Listener): () => void {
  if (listeners.size === 0) process.on('unhandledRejection', onRejection);
  // a wrapper, so that two adapters may share a listener
  const entry: Listener = (error) => listener(error);
  listeners.add(entry);
  return () => {
    listeners.delete(entry);
    if (listeners.size === 0) process.off('unhandledRejection', onRejection);
  };
}

function onRejection(reason: unknown): void {
  if (isStray(reason)) {
    for (const listener of listeners) listener(reason);
  } else if (process.listenerCount('unhandledRejection') === 1) {
    // listening took the default away: give it back
    process.nextTick(() => {
      throw reason;
    });
  }
}

const isStray = (reason: unknown): reason is Error => reason instanceof Error && CLIENT_CODE.test(reason.stack ?? '');
