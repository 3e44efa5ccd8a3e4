import { type Socket, connect } from 'node:net';

/** Answer to one request. */
export interface Answer {
  readonly status: number;
  /** Status line and headers, as they came. */
  readonly head: string;
  readonly body: Buffer;
}

/** The connection could not be made, or ended before the answer: whether the request had an effect is unknown. */
export class ConnectionLostError extends Error {
  override readonly name = 'ConnectionLostError';
  readonly code = 'connection-lost';

  /** @param reason the code of the system (`ECONNRESET`, …), `silence`, or `closed` */
  constructor(
    server: string,
    readonly reason: string,
  ) {
    super(`the connection to ${server} was lost: ${reason}`);
  }
}

/** Silence after which a connection is given up, ms: longer than any answer of the service may take. */
const SILENCE_LIMIT_MS = 20_000;
const HEAD_END = Buffer.from('\r\n\r\n');
/** Status in `HTTP/1.1 201 Created`. */
const STATUS_FROM = 9;
const STATUS_TO = 12;

type Done = (error: ConnectionLostError | undefined, answer: Answer) => void;

const NO_ANSWER: Answer = { status: 0, head: '', body: Buffer.alloc(0) };

/**
 * A keep-alive HTTP/1.1 connection for prebuilt requests, one at a time. It reads answers with a content length, which
 * is all that the JSON routes send, and does nothing else: a generator of load must be lighter than what it loads.
 */
export class HttpConnection {
  private readonly socket: Socket;
  private done: Done | undefined;
  private received: Buffer = NO_ANSWER.body;
  private open = true;
  private reason = 'closed';

  constructor(
    private readonly host: string,
    private readonly port: number,
  ) {
    this.socket = connect({ host, port, noDelay: true });
    this.socket.setTimeout(SILENCE_LIMIT_MS, () => {
      this.reason = 'silence';
      this.close();
    });
    this.socket.on('data', (chunk) => {
      this.take(chunk);
    });
    this.socket.on('error', ({ code }: NodeJS.ErrnoException) => (this.reason = code ?? 'error'));
    this.socket.on('close', () => {
      this.open = false;
      this.finish(new ConnectionLostError(`${host}:${port}`, this.reason), NO_ANSWER);
    });
  }

  /** Whether another request may be sent. */
  get isOpen(): boolean {
    return this.open;
  }

  /** Sends a request; `done` is called once, with the error or the answer. The previous answer must have come. */
  send(request: Buffer | string, done: Done): void {
    this.done = done;
    if (this.open) this.socket.write(request, 'latin1');
    else this.finish(new ConnectionLostError(`${this.host}:${this.port}`, this.reason), NO_ANSWER);
  }

  close(): void {
    this.open = false;
    this.socket.destroy();
  }

  private take(chunk: Buffer): void {
    this.received = this.received.length === 0 ? chunk : Buffer.concat([this.received, chunk]);
    const headEnd = this.received.indexOf(HEAD_END);
    if (headEnd < 0) return;
    const head = this.received.toString('latin1', 0, headEnd);
    const length = headerOf(head, 'content-length');
    // not an answer this client reads: the caller hears of a lost connection
    if (length === undefined) return this.close();
    const bodyFrom = headEnd + HEAD_END.length;
    const bodyTo = bodyFrom + Number(length);
    if (this.received.length < bodyTo) return;
    const answer = {
      status: Number(head.slice(STATUS_FROM, STATUS_TO)),
      head,
      body: this.received.subarray(bodyFrom, bodyTo),
    };
    this.received = NO_ANSWER.body;
    if (headerOf(head, 'connection') === 'close') this.close();
    this.finish(undefined, answer);
  }

  private finish(error: ConnectionLostError | undefined, answer: Answer): void {
    const { done } = this;
    this.done = undefined;
    done?.(error, answer);
  }
}

/** Value of a header of an answer, whatever the case of its name. */
export function headerOf(head: string, name: string): string | undefined {
  const at = head.indexOf(`\r\n${name}: `);
  if (at >= 0) {
    const from = at + name.length + 4;
    const to = head.indexOf('\r\n', from);
    return head.slice(from, to < 0 ? undefined : to);
  }
  return new RegExp(`^${name}:[ \\t]*(.*?)\\r?$`, 'im').exec(head)?.[1];
}
