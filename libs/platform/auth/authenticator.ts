import { Injectable } from '@nestjs/common';
import { JwtService } from '@nestjs/jwt';
import { createHmac, randomBytes } from 'node:crypto';

import { ProblemError } from '../problems.ts';
import { TooManyHashesError } from './hash-queue.ts';
import { LoginThrottle } from './login-throttle.ts';
import { hashPassword, verifyPassword } from './passwords.ts';
import { RecentSet } from './recent-set.ts';
import { UserDirectory, passwordVersion } from './user-directory.ts';
import type { Role } from './users.ts';

/** Who is asking. */
export interface Principal {
  readonly name: string;
  readonly role: Role;
}

const TOKEN_LIFETIME_SECONDS = 8 * 3600;
const REMEMBERED_MS = 60_000;
const MAX_REMEMBERED = 1000;

interface Credentials {
  readonly name: string;
  readonly password: string;
  readonly address: string;
}

/** Checks passwords and tokens. */
@Injectable()
export class Authenticator {
  private readonly throttle = new LoginThrottle();
  /** Good password checks, as a keyed hash of the credentials. The key lives as long as the process. */
  private readonly remembered = new RecentSet(REMEMBERED_MS, MAX_REMEMBERED);
  private readonly key = randomBytes(32);
  /** What is sent many times at once is checked once. */
  private readonly checking = new Map<string, Promise<boolean>>();
  /** Unknown users cost as much as known ones, so that names cannot be guessed by time. */
  private readonly decoy = hashPassword(randomBytes(16).toString('hex'));

  constructor(
    private readonly users: UserDirectory,
    private readonly tokens: JwtService,
  ) {}

  /**
   * @param address of the client or its network, for throttling
   * @throws ProblemError `invalid-credentials`, or `too-many-requests` after several failures
   */
  async checkPassword(name: string, password: string, address: string): Promise<Principal> {
    const user = this.users.find(name);
    const secret = [name, password, user?.passwordHash].join('\0');
    const proof = createHmac('sha256', this.key).update(secret).digest('base64');
    if (user !== undefined && this.remembered.has(proof)) return user;
    const attempt = `${address} ${proof}`;
    const check = this.checking.get(attempt) ?? this.passes(user?.passwordHash, { name, password, address });
    this.checking.set(attempt, check);
    const passed = await check.finally(() => this.checking.delete(attempt));
    if (user === undefined || !passed) throw new ProblemError('invalid-credentials');
    this.remembered.add(proof);
    return user;
  }

  /** Whether it is the password, within what the throttle and the queue allow. */
  private async passes(hash: string | undefined, { name, password, address }: Credentials): Promise<boolean> {
    this.throttle.assertOpen(name, address);
    const applicant = this.throttle.applicant(name, address);
    const matches = await verifyPassword(password, hash ?? (await this.decoy), applicant).catch((error: unknown) => {
      if (error instanceof TooManyHashesError) this.throttle.hadNoTurn(address);
      throw error;
    });
    // once more: the client's other guesses may have failed while this one waited for its turn
    this.throttle.assertOpen(name, address);
    const passed = hash !== undefined && matches;
    this.throttle[passed ? 'passed' : 'failed'](name, address);
    return passed;
  }

  /**
   * Gives a user another password. Tokens from before end, on every instance that shares the users.
   * @throws ProblemError as `checkPassword` does, UsersReadOnlyError
   */
  async changePassword(name: string, current: string, next: string, address: string): Promise<Principal> {
    const principal = await this.checkPassword(name, current, address);
    this.users.setPassword(name, await hashPassword(next));
    return principal;
  }

  /** @returns a token and when it expires */
  async issueToken({ name, role }: Principal): Promise<{ token: string; expiresAt: Date }> {
    const expiresAt = new Date(Date.now() + TOKEN_LIFETIME_SECONDS * 1000);
    const user = this.users.find(name);
    const claims = { sub: name, role, pwd: user && passwordVersion(user) };
    const token = await this.tokens.signAsync(claims, { expiresIn: TOKEN_LIFETIME_SECONDS });
    return { token, expiresAt };
  }

  /** @throws ProblemError `unauthenticated` */
  async checkToken(token: string): Promise<Principal> {
    try {
      const { sub, pwd } = await this.tokens.verifyAsync<{ sub: string; pwd?: string }>(token, {
        algorithms: ['HS256'],
      });
      const user = this.users.find(sub);
      if (user !== undefined && pwd === passwordVersion(user)) return user;
    } catch {
      // expired and forged tokens are answered alike
    }
    throw new ProblemError('unauthenticated');
  }
}
