import { Agent, type IncomingHttpHeaders, type OutgoingHttpHeaders, request } from 'node:http';

import { solvedPayload } from '../../bench/lib/solver.ts';
import type { Challenge } from '../../libs/contract/index.ts';

/** Whatever a stranger answers. */
export type Json = ReturnType<typeof JSON.parse>;

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  /** The body as JSON; undefined when it is none. */
  readonly json: Json;
  readonly milliseconds: number;
}

export interface CallOptions {
  readonly headers?: OutgoingHttpHeaders;
  readonly body?: string | Buffer;
  /** Sent as JSON. */
  readonly json?: unknown;
  readonly signal?: AbortSignal;
}

let lastAddress = 0;

/** Synthetic addresses of voters, as a trusted proxy would forward them: every limit stays on. */
function nextAddress(): string {
  lastAddress++;
  return `10.${String((lastAddress >> 16) & 255)}.${String((lastAddress >> 8) & 255)}.${String(lastAddress & 255)}`;
}

/** The ballot that was open when a challenge came, by its solution: any client may vote with it. */
const cedulas = new Map<string, string | undefined>();
let openCedula: string | undefined;

/** What a vote with this solution names. */
export const cedulaFor = (altcha: string): string | undefined => cedulas.get(altcha) ?? openCedula;

/** Speaks plain HTTP to one server of this machine: paths, methods and bodies go out exactly as they are given. */
export class Client {
  private readonly tokens = new Map<string, Promise<string>>();
  private readonly agent = new Agent({ keepAlive: true, maxSockets: 256 });

  constructor(
    readonly port: number,
    private readonly passwords: Readonly<Record<string, string>> = {},
  ) {}

  call(method: string, path: string, options: CallOptions = {}): Promise<Answer> {
    const { headers, body, json, signal } = options;
    const started = performance.now();
    const content = json === undefined ? body : JSON.stringify(json);
    const { promise, resolve, reject } = Promise.withResolvers<Answer>();
    const outgoing = request(
      {
        host: '127.0.0.1',
        port: this.port,
        method,
        path,
        agent: this.agent,
        headers: {
          'x-forwarded-for': nextAddress(),
          ...(json !== undefined && { 'content-type': 'application/json' }),
          ...(content !== undefined && { 'content-length': Buffer.byteLength(content) }),
          ...headers,
        },
        ...(signal && { signal }),
      },
      (incoming) => {
        const chunks: Buffer[] = [];
        const finish = (): void => {
          const text = Buffer.concat(chunks).toString();
          const { statusCode: status = 0, headers: received } = incoming;
          resolve({ status, headers: received, text, json: parsed(text), milliseconds: performance.now() - started });
        };
        incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
        incoming.once('error', reject);
        incoming.once('end', finish);
        // a live stream has no end: its head is the answer
        if (incoming.headers['content-type']?.startsWith('text/event-stream') === true && method !== 'HEAD') {
          finish();
          outgoing.destroy();
        }
      },
    );
    outgoing.once('error', (error) => {
      // the server closed a connection that was kept alive just as this request took it: as a browser would (RFC 9112, 9.3.1)
      if (outgoing.reusedSocket && isReset(error) && method === 'GET') resolve(this.call(method, path, options));
      else reject(error);
    });
    outgoing.end(content);
    return promise;
  }

  get(path: string, headers?: OutgoingHttpHeaders): Promise<Answer> {
    return this.call('GET', path, { ...(headers && { headers }) });
  }

  /** `Authorization` of one of the first users. */
  basic(user: string): { authorization: string } {
    const password = this.passwords[user] ?? '';
    return { authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}` };
  }

  /** The same with a token, which is taken at the first call. */
  async bearer(user: string): Promise<{ authorization: string }> {
    const login = this.tokens.get(user) ?? this.login(user);
    this.tokens.set(user, login);
    return { authorization: `Bearer ${await login}` };
  }

  private async login(usuario: string): Promise<string> {
    const { json } = await this.call('POST', '/login', { json: { usuario, senha: this.passwordOf(usuario) } });
    if (json?.token === undefined) this.tokens.delete(usuario);
    return String(json?.token);
  }

  passwordOf(user: string): string {
    return this.passwords[user] ?? '';
  }

  async challenge(signal?: AbortSignal): Promise<Challenge> {
    const answer = await this.call('GET', '/desafio', { ...(signal && { signal }) });
    if (answer.status !== 200) throw new Error(`GET /desafio: ${String(answer.status)} ${answer.text}`);
    return answer.json as Challenge;
  }

  /** A solved challenge, ready for {@link vote}. */
  async solved(signal?: AbortSignal): Promise<string> {
    const challenge = await this.challenge(signal);
    const altcha = solvedPayload(challenge);
    openCedula = challenge.cedula;
    cedulas.set(altcha, challenge.cedula);
    return altcha;
  }

  /** Votes on the ballot that was open when the challenge came; with a challenge of another origin, when the last one came. */
  async vote(participant: number | string, altcha: string, signal?: AbortSignal): Promise<Answer> {
    const cedula = cedulaFor(altcha) ?? String((await this.get('/desafio')).json?.cedula);
    const json = { altcha, cedula };
    return this.call('POST', `/votar/${participant}`, { json, ...(signal && { signal }) });
  }

  /** A whole vote, which must be taken. */
  async cast(participant: number): Promise<Answer> {
    const answer = await this.vote(participant, await this.solved());
    if (answer.status !== 201) throw new Error(`POST /votar: ${String(answer.status)} ${answer.text}`);
    return answer;
  }

  /** `/total` as production sees it. */
  async total(pollId?: string): Promise<Json> {
    const query = pollId === undefined ? '' : `?paredao=${pollId}`;
    const answer = await this.get(`/total${query}`, this.basic('producao'));
    if (answer.status !== 200) throw new Error(`GET /total: ${String(answer.status)} ${answer.text}`);
    return answer.json;
  }

  /** A command of the administrator. */
  async admin(method: string, path: string, json?: unknown): Promise<Answer> {
    return this.call(method, path, { headers: await this.bearer('admin'), ...(json !== undefined && { json }) });
  }

  /** The first `count` events of a live stream, and the headers it came with; then hangs up. `onEvent` hears of each at once. */
  stream(
    path: string,
    count: number,
    headers: OutgoingHttpHeaders = {},
    onEvent: (data: Json) => void = () => undefined,
  ): Promise<Stream> {
    const { promise, resolve, reject } = Promise.withResolvers<Stream>();
    const outgoing = request({ host: '127.0.0.1', port: this.port, path, headers }, (incoming) => {
      let [text, heard] = ['', 0];
      incoming.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk;
        const events = eventsOf(text);
        for (; heard < events.length; heard++) onEvent(events[heard]!.data);
        if (events.length < count) return;
        resolve({ status: incoming.statusCode ?? 0, headers: incoming.headers, events });
        outgoing.destroy();
      });
      incoming.once('end', () => {
        resolve({ status: incoming.statusCode ?? 0, headers: incoming.headers, events: eventsOf(text) });
      });
    });
    outgoing.once('error', reject);
    outgoing.end();
    return promise;
  }

  /** Closes the connections that are kept alive. */
  close(): void {
    this.agent.destroy();
  }
}

export interface Stream {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly events: { readonly event: string; readonly data: Json }[];
}

/** The complete events of a text/event-stream so far. */
function eventsOf(text: string): Stream['events'] {
  return text
    .split('\n\n')
    .slice(0, -1)
    .map((block) => /^event: (.*)\ndata: (.*)$/.exec(block))
    .filter((match) => match !== null)
    .map(([, event = '', data = '']) => ({ event, data: parsed(data) }));
}

const isReset = (error: NodeJS.ErrnoException): boolean => error.code === 'ECONNRESET';

function parsed(text: string): Json {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
