import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { type HttpPool, requestText } from './http-pool.ts';

/** `voto_1`, `voto_2`, …: as many as take part. */
type VotesByNumber = Readonly<Record<`voto_${number}`, number>>;

/** Votes by number, from 1 to the first number that is not there. */
export function votesIn(counts: VotesByNumber): number[] {
  const votes: number[] = [];
  for (let next = counts['voto_1']; next !== undefined; next = counts[`voto_${votes.length + 1}`]) votes.push(next);
  return votes;
}

/** What `GET /total` answers, as far as it is looked at here. */
export interface Total extends VotesByNumber {
  readonly paredao: string;
  readonly total: number;
  readonly por_hora: readonly ({ readonly hora: string } & VotesByNumber)[];
  readonly duplicados: number;
  readonly atrasados: number;
  readonly expirados: number;
  readonly quarentena: number;
  readonly final: boolean;
  readonly digest: string;
  readonly revisao: string;
  readonly atraso_projecao_segundos: number;
}

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
    return (await this.json<{ id: string }>(requestText('GET', '/paredao'))).id;
  }

  /** How many take part in it. */
  async participants(): Promise<number> {
    return (await this.json<{ participantes: unknown[] }>(requestText('GET', '/paredao'))).participantes.length;
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
    return (await this.json<{ incluiSeuVoto?: boolean }>(requestText('GET', path))).incluiSeuVoto ?? true;
  }

  private async login(): Promise<string> {
    const json = JSON.stringify({ usuario: this.credentials.user, senha: this.credentials.password });
    return (await this.json<{ token: string }>(requestText('POST', '/login', { json }))).token;
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
