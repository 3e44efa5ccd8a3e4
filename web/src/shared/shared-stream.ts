import { ApiFailure } from './failure.ts';
import type { SseEvent } from './sse.ts';
import { readStream } from './stream.ts';
import { PULSE, type HubMessage, type PageMessage, type StreamRequest } from './stream-hub.ts';

/** A worker that does not say hello within this time is none, ms: a browser may have ended it, or may have no room. */
const HELLO = 1_500;
/** One that is silent for so long is gone, ms. */
const GONE = 2.5 * PULSE;
/** Workers in a row that fell silent before they said anything, until this page reads for itself. */
const MAX_LOST = 2;

/** Resolves to a port on which somebody answers; undefined where the browser has no such workers, or this one is stuck. */
function connect(signal: AbortSignal): Promise<MessagePort | undefined> {
  return new Promise((resolve) => {
    try {
      const worker = new SharedWorker(new URL('./stream.worker.ts', import.meta.url), { type: 'module' });
      const { port } = worker;
      const give = (found?: MessagePort): void => {
        clearTimeout(limit);
        if (!found) leave(port);
        resolve(found);
      };
      const limit = setTimeout(() => give(), HELLO);
      signal.addEventListener('abort', () => give(), { once: true });
      worker.onerror = () => give();
      port.onmessage = () => give(port);
    } catch {
      resolve(undefined);
    }
  });
}

const say = (port: MessagePort, message: PageMessage): void => port.postMessage(message);

function leave(port: MessagePort): void {
  say(port, 'leave');
  port.close();
}

/** Follows on a port. Resolves with whether anything came when the worker fell silent; rejects like `readStream`. */
function listen(
  port: MessagePort,
  follow: StreamRequest,
  onEvent: (event: SseEvent) => void,
  signal: AbortSignal,
): Promise<boolean> {
  return new Promise<boolean>((resolve, reject) => {
    let hasCome = false;
    let watchdog: ReturnType<typeof setTimeout>;
    const rewind = (): void => {
      clearTimeout(watchdog);
      watchdog = setTimeout(() => end(() => resolve(hasCome)), GONE);
    };
    const end = (settle: () => void): void => {
      clearTimeout(watchdog);
      signal.removeEventListener('abort', abort);
      leave(port);
      settle();
    };
    const abort = (): void => end(() => reject(new ApiFailure({ kind: 'network' })));
    port.onmessage = ({ data }: MessageEvent<HubMessage>) => {
      rewind();
      if (data === 'alive') return say(port, 'here');
      if ('failed' in data) return end(() => reject(new ApiFailure(data.failed)));
      hasCome = true;
      onEvent(data.event);
    };
    signal.addEventListener('abort', abort);
    if (signal.aborted) return abort();
    rewind();
    say(port, { follow });
  });
}

/**
 * As `readStream`, but all pages of a browser with the same path and audience read it together: from a worker that no page owns, so that
 * none is lost when another one is closed, frozen or killed. Where there is no such worker, or it fails, the page reads for itself.
 */
export async function readSharedStream(
  follow: StreamRequest,
  onEvent: (event: SseEvent) => void,
  signal: AbortSignal,
): Promise<never> {
  for (let lost = 0; lost < MAX_LOST && !signal.aborted; lost++) {
    const port = await connect(signal);
    if (!port) break;
    if (await listen(port, follow, onEvent, signal)) lost = -1;
  }
  return readStream(follow.path, follow.identity, onEvent, signal, follow.silence);
}
