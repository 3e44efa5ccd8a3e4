import { Injectable } from '@nestjs/common';
import { JwtService } from '@nestjs/jwt';
import { createHmac, randomBytes } from 'node:crypto';
import { RateLimiterMemory, type RateLimiterRes } from 'rate-limiter-flexible';

import { ProblemError } from '../problems.ts';
import { hashPassword, verifyPassword } from './passwords.ts';
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
/** Wrong passwords an address may send in the window, s: for one user, and for all names together. Right ones do not count. */
const USER_FAILURES = { points: 5, duration: 60 };
const ADDRESS_FAILURES = { points: 20, duration: 60 };

/** Checks passwords and tokens. */
@Injectable()
export class Authenticator {
  /** Only a password that was hashed makes an entry, and few can be hashed in a minute: that bounds both. */
  private readonly userFailures = new RateLimiterMemory(USER_FAILURES);
  private readonly addressFailures = new RateLimiterMemory(ADDRESS_FAILURES);
  /** Good password checks: keyed hash of the credentials → when to forget it. The key lives as long as the process. */
  private readonly remembered = new Map<string, number>();
  private readonly key = randomBytes(32);
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
    if (user !== undefined && (this.remembered.get(proof) ?? 0) > Date.now()) return user;
    const client = `${address} ${name.slice(0, 100)}`;
    await this.assertNotThrottled(client, address);
    const matches = await verifyPassword(password, user?.passwordHash ?? (await this.decoy));
    // once more: the client's other guesses may have failed while this one waited for its turn
    await this.assertNotThrottled(client, address);
    if (user === undefined || !matches) {
      await this.userFailures.penalty(client);
      await this.addressFailures.penalty(address);
      throw new ProblemError('invalid-credentials');
    }
    await this.userFailures.delete(client);
    this.remember(proof);
    return user;
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

  private async assertNotThrottled(client: string, address: string): Promise<void> {
    assertBelow(USER_FAILURES.points, await this.userFailures.get(client));
    assertBelow(ADDRESS_FAILURES.points, await this.addressFailures.get(address));
  }

  private remember(proof: string): void {
    if (this.remembered.size >= MAX_REMEMBERED) this.remembered.clear();
    this.remembered.set(proof, Date.now() + REMEMBERED_MS);
  }
}

function assertBelow(limit: number, state: RateLimiterRes | null): void {
  if (state === null || state.consumedPoints < limit) return;
  throw new ProblemError('too-many-requests', undefined, Math.max(1, Math.ceil(state.msBeforeNext / 1000)));
}
