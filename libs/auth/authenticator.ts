import { Injectable } from '@nestjs/common';
import { JwtService } from '@nestjs/jwt';
import { createHmac, randomBytes } from 'node:crypto';

import type { Role } from '#contract';
import { ProblemError } from '#platform';

import { TooManyHashesError } from './hash-queue.ts';
import { LoginThrottle } from './login-throttle.ts';
import { PasswordTags } from './password-tags.ts';
import { hashPassword, verifyPassword } from './passwords.ts';
import { RecentSet } from './recent-set.ts';
import { UserDirectory, passwordVersion } from './user-directory.ts';
import type { User } from './users.ts';

/** Who is asking. */
export interface Principal {
  readonly name: string;
  readonly role: Role;
}

const TOKEN_LIFETIME_SECONDS = 8 * 3600;
/** So long after the password was given, a token is not renewed any more: a night, its rehearsal and its morning. */
const RENEWABLE_SECONDS = 24 * 3600;
const REMEMBERED_MS = 60_000;
const MAX_REMEMBERED = 1000;
/** Wrong passwords with the tag of the right one that are known to be wrong: to find one takes 256 guesses. */
const WRONG_MS = 24 * 3_600_000;
const MAX_WRONG = 20_000;

interface Credentials {
  readonly user: User | undefined;
  readonly name: string;
  readonly password: string;
  readonly address: string;
  /** Names user and password without telling them; `attempt` the address as well. */
  readonly proof: string;
  readonly attempt: string;
}

/** Checks passwords and tokens. */
@Injectable()
export class Authenticator {
  private readonly throttle = new LoginThrottle();
  /** Good password checks, as a keyed hash of the credentials. The key lives as long as the process. */
  private readonly remembered = new RecentSet(REMEMBERED_MS, MAX_REMEMBERED);
  private readonly wrong = new RecentSet(WRONG_MS, MAX_WRONG);
  private readonly key = randomBytes(32);
  /** Tags of passwords that were stored without one, or with one of another key, by their hash: learnt when they are used. */
  private readonly learnt = new Map<string, string>();
  /** What is sent many times at once is checked once. */
  private readonly checking = new Map<string, Promise<boolean>>();
  /** Unknown users cost as much as known ones, so that names cannot be guessed by time. */
  private readonly decoy = hashPassword(randomBytes(16).toString('hex'));

  constructor(
    private readonly users: UserDirectory,
    private readonly tokens: JwtService,
    private readonly tags: PasswordTags,
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
    const check = this.checking.get(attempt) ?? this.passes({ user, name, password, address, proof, attempt });
    this.checking.set(attempt, check);
    const passed = await check.finally(() => this.checking.delete(attempt));
    if (user === undefined || !passed) throw new ProblemError('invalid-credentials');
    this.remembered.add(proof);
    return user;
  }

  /** Whether it is the password, within what the throttle and the queue allow. */
  private async passes(credentials: Credentials): Promise<boolean> {
    const { user, name, password, address, proof, attempt } = credentials;
    this.throttle.assertOpen(name, address, attempt);
    const tag = this.tagOf(user, name);
    const mayBeRight = (tag === undefined || tag === this.tags.of(name, password)) && !this.wrong.has(proof);
    const passed = mayBeRight && (await this.matches(credentials, tag !== undefined));
    if (passed) {
      this.throttle.passed(name, address, attempt);
      if (tag === undefined) this.learnt.set(user!.passwordHash, this.tags.of(name, password));
    } else {
      this.throttle.failed(name, address);
      if (mayBeRight && tag !== undefined) this.wrong.add(proof);
    }
    return passed;
  }

  private async matches(credentials: Credentials, isLikely: boolean): Promise<boolean> {
    const { user, name, password, address, attempt } = credentials;
    const applicant = this.throttle.applicant(address, attempt, isLikely);
    const hash = user?.passwordHash ?? (await this.decoy);
    const matches = await verifyPassword(password, hash, applicant).catch((error: unknown) => {
      if (error instanceof TooManyHashesError) this.throttle.hadNoTurn(address);
      throw error;
    });
    // once more: the client's other guesses may have failed while this one waited for its turn
    this.throttle.assertOpen(name, address, attempt);
    return user !== undefined && matches;
  }

  /** @returns undefined when only hashing can tell */
  private tagOf(user: User | undefined, name: string): string | undefined {
    if (user === undefined) return this.tags.ofNobody(name);
    return this.tags.in(user.passwordHash) ?? this.learnt.get(user.passwordHash);
  }

  /**
   * Gives a user another password. Tokens from before end, on every instance that shares the users.
   * @throws ProblemError as `checkPassword` does, UsersReadOnlyError
   */
  async changePassword(name: string, current: string, next: string, address: string): Promise<Principal> {
    const principal = await this.checkPassword(name, current, address);
    this.users.setPassword(name, await this.tags.hash(name, next));
    return principal;
  }

  /**
   * @param authTime when the password was given, s since the epoch
   * @returns a token and when it expires
   */
  async issueToken({ name, role }: Principal, authTime = secondsNow()): Promise<{ token: string; expiresAt: Date }> {
    const expiresAt = new Date(Date.now() + TOKEN_LIFETIME_SECONDS * 1000);
    const user = this.users.find(name);
    const claims = { sub: name, role, pwd: user && passwordVersion(user), auth_time: authTime };
    const token = await this.tokens.signAsync(claims, { expiresIn: TOKEN_LIFETIME_SECONDS });
    return { token, expiresAt };
  }

  /**
   * Another token in place of one that is still good: for a screen that nobody stands at, and for who is at work.
   * @throws ProblemError `unauthenticated`, also when the password was given too long ago
   */
  async renewToken(token: string): Promise<{ token: string; expiresAt: Date; principal: Principal }> {
    const principal = await this.checkToken(token);
    const { auth_time: authTime = 0 } = this.tokens.decode<{ auth_time?: number }>(token);
    if (secondsNow() - authTime > RENEWABLE_SECONDS) throw new ProblemError('unauthenticated');
    return { ...(await this.issueToken(principal, authTime)), principal };
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

const secondsNow = (): number => Math.floor(Date.now() / 1000);
