import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import type { Login, Poll, Result, Total } from '#contract';

import { type HttpPool, requestText } from './http-pool.ts';

/** A user who may read `/total`. */
export interface Credentials {
  readonly user: string;
  readonly password: string;
}

/** The routes beside voting that a run looks at. */
export class Api {
  private token: string | undefined;

  constructor(
    private readonly pool: HttpPool,
    private readonly credentials: Credentials,
  ) {}

  /** Id of the poll that was opened last. */
  async currentPoll(): Promise<string> {
    return (await this.json<Poll>(requestText('GET', '/paredao'))).id;
  }

  /** How many take part in it. */
  async participants(): Promise<number> {
    return (await this.json<Poll>(requestText('GET', '/paredao'))).participantes.length;
  }

  /** The counts of a poll, with a token that is taken at the first call. */
  async total(pollId: string): Promise<Total> {
    this.token ??= await this.login();
    return this.json(
      requestText('GET', `/total?paredao=${pollId}`, { headers: { authorization: `Bearer ${this.token}` } }),
    );
  }

  /** The public result. @returns whether it includes the cursor's vote; true without a cursor */
  async result(since?: string): Promise<boolean> {
    const path = since === undefined ? '/resultado' : `/resultado?desde=${since}`;
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
