import { ApiFailure, asFailure } from './failure.ts';
import { refusal } from './http.ts';
import { createSseParser, type SseEvent } from './sse.ts';
import { timeLimit } from './time-limit.ts';

/** A stream that is silent for longer (ms) is broken; the server sends a frame every second. The same limit holds for its first answer. */
export const SILENCE = 10_000;

/** Pulls the body through the parser until it ends; `onBytes` is called for every piece. */
async function drain(
  body: ReadableStream<Uint8Array>,
  onEvent: (event: SseEvent) => void,
  onBytes: () => void,
): Promise<void> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  const feed = createSseParser(onEvent);
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    onBytes();
    feed(decoder.decode(value, { stream: true }));
  }
}

/**
 * Asks whether the service would give this stream.
 * Rejects with `ApiFailure` when it would not, or does not answer.
 */
export async function askForStream(path: string, headers: Readonly<Record<string, string>>): Promise<void> {
  const response = await fetch(path, { method: 'HEAD', headers, signal: timeLimit(SILENCE), cache: 'no-store' });
  if (!response.ok) throw await refusal(response);
}

/**
 * Reads a `text/event-stream` by `fetch`, because `EventSource` cannot send a token or a passe. Never resolves: it rejects with
 * `ApiFailure` when the stream is refused, ends, breaks or is silent for longer than `silence` ms, or when `signal` is
 * aborted.
 * @param identity headers that say who asks
 */
export async function readStream(
  path: string,
  identity: Readonly<Record<string, string>>,
  onEvent: (event: SseEvent) => void,
  signal: AbortSignal,
  silence = SILENCE,
): Promise<never> {
  const own = new AbortController();
  const abort = () => own.abort();
  signal.addEventListener('abort', abort);
  if (signal.aborted) abort();
  let watchdog = setTimeout(abort, silence);
  const rewind = () => {
    clearTimeout(watchdog);
    watchdog = setTimeout(abort, silence);
  };
  try {
    const headers = { accept: 'text/event-stream', ...identity };
    const response = await fetch(path, { headers, signal: own.signal, cache: 'no-store' });
    if (!response.ok) throw await refusal(response);
    if (response.body) await drain(response.body, onEvent, rewind);
    throw new ApiFailure({ kind: 'network' });
  } catch (error) {
    throw navigator.onLine ? asFailure(error) : new ApiFailure({ kind: 'offline' });
  } finally {
    clearTimeout(watchdog);
    signal.removeEventListener('abort', abort);
    own.abort();
  }
}
