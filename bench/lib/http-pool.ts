import { type Answer, HttpConnection } from './http-connection.ts';

interface Waiting {
  readonly request: string;
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: Error) => void;
}

/** What a pool tells whoever watches it. */
export interface PoolObserver {
  /** A connection is being opened. */
  readonly onConnect?: () => void;
  /** A connection was lost before its answer. */
  readonly onLoss?: (reason: string) => void;
}

/** A bounded pool of keep-alive connections to one server. Requests beyond it wait for their turn, first come first served. */
export class HttpPool {
  /** When the server answered anything, on the clock of `performance`; -Infinity before it did. */
  lastAnswer = -Infinity;
  private readonly idle: HttpConnection[] = [];
  private readonly waiting: Waiting[] = [];
  private connections = 0;
  private closed = false;
  private readonly host: string;
  private readonly port: number;

  constructor(
    url: URL,
    private limit: number,
    private readonly observer: PoolObserver = {},
  ) {
    if (url.protocol !== 'http:') throw new Error(`only http is spoken here, not ${url.protocol}`);
    this.host = url.hostname;
    this.port = Number(url.port === '' ? 80 : url.port);
  }

  /**
   * Sends a request built by `requestText`.
   * @throws ConnectionLostError
   */
  send(request: string): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const connection = this.take();
      if (connection === undefined) this.waiting.push({ request, resolve, reject });
      else this.use(connection, { request, resolve, reject });
    });
  }

  /** From now on it may have so many connections. */
  widen(limit: number): void {
    this.limit = limit;
  }

  /** Ends the connections that are not in use; those in use end with their answer. */
  close(): void {
    this.closed = true;
    for (const connection of this.idle.splice(0)) connection.close();
  }

  private take(): HttpConnection | undefined {
    for (let last = this.idle.pop(); last !== undefined; last = this.idle.pop()) {
      if (last.isOpen) return last;
      this.connections--;
    }
    if (this.connections >= this.limit) return undefined;
    this.connections++;
    this.observer.onConnect?.();
    return new HttpConnection(this.host, this.port);
  }

  private use(connection: HttpConnection, { request, resolve, reject }: Waiting): void {
    connection.send(request, (error, answer) => {
      if (error === undefined) {
        this.lastAnswer = performance.now();
        resolve(answer);
      } else {
        this.observer.onLoss?.(error.reason);
        reject(error);
      }
      if (this.closed) connection.close();
      this.idle.push(connection);
      const next = this.waiting.length > 0 ? this.take() : undefined;
      if (next !== undefined) this.use(next, this.waiting.shift()!);
    });
  }
}

/** What a request may say beside its method and path. */
export interface RequestParts {
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON; only characters of Latin-1. */
  readonly json?: string;
}

/** An HTTP/1.1 request as it goes over the wire. */
export function requestText(method: string, path: string, { headers = {}, json }: RequestParts = {}): string {
  let head = `${method} ${path} HTTP/1.1\r\nhost: paredao\r\n`;
  for (const [name, value] of Object.entries(headers)) head += `${name}: ${value}\r\n`;
  if (json === undefined) return `${head}\r\n`;
  return `${head}content-type: application/json\r\ncontent-length: ${String(json.length)}\r\n\r\n${json}`;
}
