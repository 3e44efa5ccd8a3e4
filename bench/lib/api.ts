import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import type { Login, Poll, PollList, Result, Total } from '#contract';

import { type HttpPool, requestText } from './http-pool.ts';
import { ON_AIR, type PollLink, withLink } from './poll-link.ts';

/** A user who may read `/total`. */
export interface Credentials {
  readonly user: string;
  readonly password: string;
}

/** The routes beside voting that a run looks at. */
export class Api {
  /** The poll that the public routes are asked for. */
  link: PollLink = ON_AIR;
  private token: string | undefined;

  constructor(
    private readonly pool: HttpPool,
    private readonly credentials: Credentials,
  ) {}

  /**
   * The link of the rehearsal that is open.
   * @throws when there is none
   */
  async rehearsal(): Promise<PollLink> {
    const { paredoes } = await this.json<PollList>(requestText('GET', '/paredoes', await this.authorised()));
    const open = paredoes.find(({ ensaio, estado }) => ensaio === true && estado === 'aberto');
    if (open === undefined) throw new Error('no rehearsal is open: open one in /admin.html (“É um ensaio”)');
    return `paredao=${open.id}&chave=${open.chave ?? ''}`;
  }

  /** Id of the poll: of the one on air, unless a link says otherwise. */
  async currentPoll(): Promise<string> {
    return (await this.poll()).id;
  }

  /** How many take part in it. */
  async participants(): Promise<number> {
    return (await this.poll()).participantes.length;
  }

  private poll(): Promise<Poll> {
    return this.json<Poll>(requestText('GET', withLink('/paredao', this.link)));
  }

  /** The counts of a poll, with a token that is taken at the first call. */
  async total(pollId: string): Promise<Total> {
    return this.json(requestText('GET', `/total?paredao=${pollId}`, await this.authorised()));
  }

  private async authorised(): Promise<{ headers: { authorization: string } }> {
    this.token ??= await this.login();
    return { headers: { authorization: `Bearer ${this.token}` } };
  }

  /** The public result. @returns whether it includes the cursor's vote; true without a cursor */
  async result(since?: string): Promise<boolean> {
    const path = withLink('/resultado', this.link, since === undefined ? '' : `desde=${since}`);
    return (await this.json<Result>(requestText('GET', path))).inclui_seu_voto ?? true;
  }

  private async login(): Promise<string> {
    const json = JSON.stringify({ usuario: this.credentials.user, senha: this.credentials.password });
    return (await this.json<Login>(requestText('POST', '/login', { json }))).token;
  }

  private async json<T>(request: string): Promise<T> {
    const { status, body } = await this.pool.send(request);
    if (status !== 200)
      throw new Error(`${request.slice(0, request.indexOf('?') + 1 || 30)} was answered with ${String(status)}`);
    return JSON.parse(body.toString()) as T;
  }
}

/**
 * The password of one of the first users, as the first start left it in the data directory.
 * @throws when it is not there any more
 */
export function firstCredentials(dataDir: string, user = 'producao'): Credentials {
  const path = join(dataDir, 'first-credentials.txt');
  const lines = readFileSync(path, 'utf8').split('\n');
  const [, password] = lines.map((line) => line.trim().split(/\s+/)).find(([name]) => name === user) ?? [];
  if (password === undefined) throw new Error(`${path} does not name the user ${user}`);
  return { user, password };
}
