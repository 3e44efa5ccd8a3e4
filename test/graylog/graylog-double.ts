import { once } from 'node:events';
import { type IncomingMessage, type Server, type ServerResponse, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

import { pack } from './pack.ts';

export const PASSWORD = 'a-password-of-this-spec';

interface Stream {
  readonly id: string;
  readonly title: string;
  readonly description: string;
  readonly matching_type: string;
  disabled: boolean;
  index_set_id: string;
  remove_matches_from_default_stream: boolean;
}

interface Installation {
  readonly _id: string;
  readonly content_pack_id: string;
  content_pack_revision: number;
  readonly entities: readonly object[];
}

interface Answer {
  readonly status: number;
  readonly content?: unknown;
}

const ok = (content: unknown): Answer => ({ status: 200, content });

/** Graylog's REST API, as far as the init script needs it: a server that has just started. */
export class GraylogDouble {
  /** What was asked that changes something, in order. */
  readonly changes: string[] = [];
  readonly streams = new Map<string, Stream>();
  readonly indexSets: object[] = [{ id: 'default', index_prefix: 'graylog' }];
  installations: Installation[] = [];
  inputState = 'NOT_RUNNING';
  /** How often it says that it is not up yet, and that nothing is installed yet. */
  notUp = 0;
  notInstalled = 0;
  /** What a started input becomes. */
  started = 'RUNNING';
  private readonly server: Server;

  private constructor() {
    this.server = createServer((request, response) => void this.handle(request, response));
  }

  static async start(): Promise<GraylogDouble> {
    const double = new GraylogDouble();
    double.install(pack.rev);
    double.server.listen(0, '127.0.0.1');
    await once(double.server, 'listening');
    return double;
  }

  get address(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/`;
  }

  /** As the loader does it: streams arrive paused, in the default index set. */
  install(revision: number): void {
    const entities = pack.entities.map(({ id, type, data }) => {
      const title = String(data.title['@value']);
      const native = `${title} ${revision}`;
      if (type.name === 'stream') {
        const paused = { disabled: true, index_set_id: 'default', remove_matches_from_default_stream: false };
        this.streams.set(native, { id: native, title, description: 'a text', matching_type: 'AND', ...paused });
      }
      return { id: native, type, title, content_pack_entity_id: id };
    });
    const _id = `installation-${this.installations.length}`;
    this.installations.push({ _id, content_pack_id: pack.id, content_pack_revision: revision, entities });
  }

  async stop(): Promise<void> {
    this.server.close();
    this.server.closeAllConnections();
    await once(this.server, 'close');
  }

  private async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let body = '';
    for await (const chunk of request.setEncoding('utf8')) body += String(chunk);
    const { status, content = '' } = this.answer(request, body);
    response.writeHead(status).end(typeof content === 'string' ? content : JSON.stringify(content));
  }

  private answer({ method = '', url = '', headers }: IncomingMessage, body: string): Answer {
    const path = decodeURIComponent(url);
    if (headers.authorization !== `Basic ${btoa(`admin:${PASSWORD}`)}`) return { status: 401, content: 'no' };
    if (method !== 'GET') {
      if (headers['x-requested-by'] === undefined)
        return { status: 400, content: 'CSRF protection header is missing.' };
      this.changes.push(`${method} ${path}`);
    }
    for (const [pattern, handle] of this.routes) {
      const match = pattern.exec(`${method} ${path}`);
      if (match !== null) return handle(match[1] ?? '', body === '' ? {} : (JSON.parse(body) as object));
    }
    return { status: 404, content: `${method} ${path}` };
  }

  private readonly routes: readonly (readonly [RegExp, (name: string, body: object) => Answer])[] = [
    [/^GET \/api\/system\/lbstatus$/, () => (this.notUp-- > 0 ? { status: 503, content: 'DEAD' } : ok('ALIVE'))],
    [
      /^GET \/api\/system\/content_packs\/[^/]+\/installations$/,
      () => ok({ installations: this.notInstalled-- > 0 ? [] : this.installations }),
    ],
    [
      /^DELETE \/api\/system\/content_packs\/[^/]+\/installations\/(.+)$/,
      (id) => {
        this.installations = this.installations.filter(({ _id }) => _id !== id);
        return ok({});
      },
    ],
    [/^GET \/api\/system\/inputstates\/GELF HTTP \d+$/, () => ok({ state: this.inputState })],
    [
      /^PUT \/api\/system\/inputstates\/GELF HTTP \d+$/,
      () => {
        this.inputState = this.started;
        return ok({});
      },
    ],
    [/^GET \/api\/system\/indices\/index_sets$/, () => ok({ index_sets: this.indexSets })],
    [
      /^POST \/api\/system\/indices\/index_sets$/,
      (_name, body) => {
        this.indexSets.push({ id: 'made', ...body });
        return ok({ id: 'made' });
      },
    ],
    [/^GET \/api\/streams\/([^/]+)$/, (name) => ok(this.streams.get(name))],
    [/^PUT \/api\/streams\/([^/]+)$/, (name, body) => ok(Object.assign(this.streams.get(name)!, body))],
    [
      /^POST \/api\/streams\/([^/]+)\/resume$/,
      (name) => {
        this.streams.get(name)!.disabled = false;
        return { status: 204 };
      },
    ],
  ];
}
