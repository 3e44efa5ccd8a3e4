import type { ScreenBody, Stage } from '#contract';
import { bearer, requestJson } from '../shared/http.ts';

/** From one report to the next, ms. */
const INTERVAL = 400;
/** A report that takes longer (ms) is given up: the next one says more. */
const TIMEOUT = 3_000;
const ID_BYTES = 8;

/** An id of this page. `crypto.randomUUID` is not there where the address is not trusted. */
function newId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(ID_BYTES));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/**
 * Tells production which frame this screen shows. Nothing but a frame that was painted is reported: if the stream, the page or the
 * way back fails, the reports stop, and the panel sees that. A page that is closed or hidden says so.
 */
export class ScreenReports {
  readonly #path = `/palco/telas/${newId()}`;
  readonly #name: string;
  #token: string | undefined;
  #sentAt = -Infinity;
  #isSending = false;

  constructor(name: string) {
    this.#name = name;
    window.addEventListener('pagehide', () => this.#leave());
    document.addEventListener('visibilitychange', () => document.hidden && this.#leave());
  }

  /** Reports go out with this token; without one, none do. */
  use(token: string | undefined): void {
    this.#token = token;
  }

  /** A frame has come: it is reported as soon as it was painted. */
  show(frame: Stage): void {
    if (document.hidden || performance.now() - this.#sentAt < INTERVAL || this.#isSending) return;
    requestAnimationFrame(() => void this.#send(frame));
  }

  async #send({ paredao, modo, atualizado_em: quadro_em }: Stage): Promise<void> {
    if (this.#token === undefined || this.#isSending) return;
    this.#isSending = true;
    this.#sentAt = performance.now();
    const body: ScreenBody = { nome: this.#name, paredao, modo, quadro_em };
    await requestJson(this.#path, { method: 'PUT', body, token: this.#token, timeout: TIMEOUT }).catch(() => undefined);
    this.#isSending = false;
  }

  #leave(): void {
    if (this.#token === undefined || this.#sentAt === -Infinity) return;
    const headers = bearer(this.#token);
    void fetch(this.#path, { method: 'DELETE', headers, keepalive: true }).catch(() => undefined);
  }
}
