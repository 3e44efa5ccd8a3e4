import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { JwtService } from '@nestjs/jwt';
import crypto, { createSecretKey } from 'node:crypto';

import type { ProblemError } from '#platform';

import { useFastScrypt } from './testing/fast-scrypt.ts';
import { Authenticator } from './authenticator.ts';
import { PasswordTags } from './password-tags.ts';
import { hashPassword } from './passwords.ts';
import { UserDirectory } from './user-directory.ts';
import type { User } from './users.ts';

const NOW = Date.parse('2026-11-23T22:00:00.000Z');
const secret = createSecretKey(Buffer.alloc(32, 1));
const tags = new PasswordTags(secret);
const tokens = new JwtService({ secret, signOptions: { algorithm: 'HS256' } });

let hashes: ReturnType<typeof useFastScrypt>;
let authenticator: Authenticator;

const outcome = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => 'passed',
    (error: unknown) => (error as ProblemError).code,
  );

const login = (password: string, name = 'producao', address = '203.0.113.7'): Promise<unknown> =>
  outcome(authenticator.checkPassword(name, password, address));

beforeEach(async () => {
  jest.useFakeTimers({ now: NOW, doNotFake: ['setImmediate', 'nextTick', 'queueMicrotask'] });
  hashes = useFastScrypt();
  const users: User[] = [{ name: 'producao', role: 'producao', passwordHash: await hashPassword('certa') }];
  authenticator = new Authenticator(new UserDirectory('nowhere', users), tokens, tags);
  await new Promise((resolve) => setImmediate(resolve));
  hashes.mockClear();
});
afterEach(() => {
  jest.restoreAllMocks();
  jest.useRealTimers();
});

describe('a password check', () => {
  it('passes the right password and says who it is', async () => {
    expect(await authenticator.checkPassword('producao', 'certa', '::1')).toMatchObject({
      name: 'producao',
      role: 'producao',
    });
  });

  it('refuses a wrong password and an unknown user alike', async () => {
    expect(await login('errada')).toBe('invalid-credentials');
    expect(await login('certa', 'ninguem')).toBe('invalid-credentials');
    expect(await login('certa', '__proto__')).toBe('invalid-credentials');
  });

  it('is remembered for a minute: no second hash', async () => {
    await login('certa');
    jest.advanceTimersByTime(59_999);
    expect(await login('certa')).toBe('passed');
    expect(hashes).toHaveBeenCalledTimes(1);

    jest.advanceTimersByTime(1);
    expect(await login('certa')).toBe('passed');
    expect(hashes).toHaveBeenCalledTimes(2);
  });

  it('remembers nothing that could be read from memory', async () => {
    await login('certa');

    const { remembered } = authenticator as unknown as { remembered: { until: { younger: Map<string, number> } } };
    const [proof = ''] = remembered.until.younger.keys();
    expect(Buffer.from(proof, 'base64').length).toBe(32);
    expect(proof).not.toBe(crypto.createHash('sha256').update('producao\0certa').digest('base64'));
  });

  it('remembers no wrong password', async () => {
    await login('errada');
    await login('errada');

    expect(hashes).toHaveBeenCalledTimes(2);
  });
});

describe('after five wrong passwords in a minute', () => {
  const failFiveTimes = async (): Promise<void> => {
    for (let round = 0; round < 5; round++) expect(await login('errada')).toBe('invalid-credentials');
    hashes.mockClear();
  };

  it('the right one is refused too, without a hash and with the time to wait', async () => {
    await failFiveTimes();
    jest.advanceTimersByTime(20_000);

    await expect(authenticator.checkPassword('producao', 'certa', '203.0.113.7')).rejects.toMatchObject({
      code: 'too-many-requests',
      retryAfterSeconds: 40,
    });
    expect(hashes).not.toHaveBeenCalled();
  });

  it('it passes again when the minute is over', async () => {
    await failFiveTimes();
    jest.advanceTimersByTime(60_001);

    expect(await login('certa')).toBe('passed');
  });

  it('other addresses and other users are not held up', async () => {
    await failFiveTimes();

    expect(await login('certa', 'producao', '203.0.113.8')).toBe('passed');
    expect(await login('errada', 'admin')).toBe('invalid-credentials');
  });

  it('who is remembered is not locked out by somebody else at the same address', async () => {
    await login('certa');
    await failFiveTimes();

    expect(await login('certa')).toBe('passed');
  });

  it('right ones in between start the count again', async () => {
    for (let round = 0; round < 4; round++) await login('errada');
    expect(await login('certa')).toBe('passed');
    for (let round = 0; round < 4; round++) expect(await login('errada')).toBe('invalid-credentials');
  });

  it('nothing is learnt from sending them all at once: two are looked at, two wait', async () => {
    const guesses = [...Array.from({ length: 15 }, (_, n) => `errada ${String(n)}`), 'certa'];
    const answers = await Promise.all(guesses.map((guess) => login(guess)));

    expect(answers.slice(0, 4)).toEqual(Array(4).fill('invalid-credentials'));
    expect(answers.slice(4)).toEqual(Array(12).fill('too-many-requests'));
  });

  it('the same one sent many times at once is one', async () => {
    expect(await Promise.all(Array.from({ length: 15 }, () => login('errada')))).toEqual(
      Array(15).fill('invalid-credentials'),
    );
    expect(hashes).toHaveBeenCalledTimes(1);
    expect(await login('certa')).toBe('passed');
  });
});

describe('after twenty wrong passwords in a minute from one address, each for another name', () => {
  const flood = async (): Promise<void> => {
    for (let round = 0; round < 20; round++)
      expect(await login('x', `nome ${String(round)}`)).toBe('invalid-credentials');
    hashes.mockClear();
  };

  it('further names are refused without a hash, with the time to wait', async () => {
    await flood();
    jest.advanceTimersByTime(15_000);

    await expect(authenticator.checkPassword('mais um', 'x', '203.0.113.7')).rejects.toMatchObject({
      code: 'too-many-requests',
      retryAfterSeconds: 45,
    });
    expect(hashes).not.toHaveBeenCalled();
  });

  it('other addresses, and who was let in before, are not held up', async () => {
    await login('certa');
    jest.advanceTimersByTime(60_000);
    await flood();

    expect(await login('certa')).toBe('passed');
    expect(await login('certa', 'producao', '203.0.113.8')).toBe('passed');
  });
});

describe('a crowd of guessers at thirty addresses', () => {
  /** Every one of them sends so many guesses at once: more than the queue holds. */
  const guess = (each: number): Promise<unknown>[] =>
    Array.from({ length: 30 * each }, (_, turn) =>
      login(`x ${String(turn)}`, 'producao', `10.0.${String(turn % 30)}.1`),
    );

  it('does not keep out who was let in today, from where that was', async () => {
    await login('certa');
    // no longer remembered
    jest.advanceTimersByTime(11 * 3_600_000);
    const guesses = guess(3);
    expect(await login('certa')).toBe('passed');
    await Promise.all(guesses);
  });

  it('does not keep out somebody new: they have failed before', async () => {
    await Promise.all(guess(1));
    const guesses = guess(3);
    expect(await login('certa')).toBe('passed');
    expect(await Promise.all(guesses)).toContain('too-many-requests');
  });

  it('uses up its tries also where it is refused a turn', async () => {
    for (let round = 0; round < 7; round++) await Promise.all(guess(3));
    hashes.mockClear();
    await Promise.all(guess(1));
    expect(hashes).not.toHaveBeenCalled();
  });
});

describe('guesses from an address of their own each, where the tags of passwords are known', () => {
  const RIGHT = 'uma senha boa';
  let lastAddress = 0;

  /** @returns how many of them were hashed */
  async function guess(count: number, name: string): Promise<number> {
    hashes.mockClear();
    const answers = Array.from({ length: count }, () => {
      const number = lastAddress++;
      return login(`errada ${String(number)}`, name, `10.${String(number >> 8)}.${String(number & 255)}.1`);
    });
    for (const answer of await Promise.all(answers))
      expect(answer).toMatch(/^(invalid-credentials|too-many-requests)$/);
    return hashes.mock.calls.length;
  }

  beforeEach(async () => {
    const user = { name: 'ana', role: 'admin' as const, passwordHash: await tags.hash('ana', RIGHT) };
    authenticator = new Authenticator(new UserDirectory('nowhere', [user]), tokens, tags);
    await new Promise((resolve) => setImmediate(resolve));
  });

  it.each(['ana', 'ninguem'])('are hashed one in 256, of %s, and let the right one through', async (name) => {
    const guesses = guess(2560, name);
    expect(await login(RIGHT, 'ana')).toBe('passed');
    const hashed = await guesses;
    expect(hashed).toBeGreaterThan(1);
    expect(hashed).toBeLessThan(30);
  });

  it('are hashed once when one of them is sent again and again', async () => {
    const like = Array.from({ length: 5000 }, (_, n) => `errada ${String(n)}`).find(
      (other) => tags.of('ana', other) === tags.of('ana', RIGHT),
    )!;
    await login(like, 'ana', '10.0.0.1');
    hashes.mockClear();
    for (let n = 2; n < 250; n++) expect(await login(like, 'ana', `10.0.0.${String(n)}`)).toBe('invalid-credentials');
    expect(hashes).not.toHaveBeenCalled();
  });

  it('count against their addresses, hashed or not', async () => {
    for (let round = 0; round < 5; round++)
      expect(await login(`errada ${String(round)}`, 'ana')).toBe('invalid-credentials');
    expect(await login('mais uma', 'ana')).toBe('too-many-requests');
  });

  it('do not lock who was let in today out of the own address', async () => {
    await login(RIGHT, 'ana');
    jest.advanceTimersByTime(3_600_000);
    for (let round = 0; round < 30; round++) await login(`errada ${String(round)}`, 'ana');
    expect(await login('mais uma', 'ana')).toBe('too-many-requests');
    expect(await login(RIGHT, 'ana')).toBe('passed');
  });

  it('are told apart after the first login of a user from before there were tags', async () => {
    const user = { name: 'ana', role: 'admin' as const, passwordHash: await hashPassword(RIGHT) };
    authenticator = new Authenticator(new UserDirectory('nowhere', [user]), tokens, tags);
    expect(await login(RIGHT, 'ana')).toBe('passed');
    expect(await guess(512, 'ana')).toBeLessThan(15);
  });
});

describe('a token', () => {
  const issue = async (): Promise<string> => {
    const { token } = await authenticator.issueToken({ name: 'producao', role: 'producao' });
    return token;
  };

  it('stands for its user for eight hours', async () => {
    const { token, expiresAt } = await authenticator.issueToken({ name: 'producao', role: 'producao' });

    expect(expiresAt).toEqual(new Date(NOW + 8 * 3_600_000));
    jest.setSystemTime(NOW + 8 * 3_600_000 - 1000);
    expect(await authenticator.checkToken(token)).toMatchObject({ name: 'producao', role: 'producao' });
    jest.setSystemTime(NOW + 8 * 3_600_000);
    expect(await outcome(authenticator.checkToken(token))).toBe('unauthenticated');
  });

  it('has no more rights than its user, whatever it claims', async () => {
    const { token } = await authenticator.issueToken({ name: 'producao', role: 'admin' });

    expect(await authenticator.checkToken(token)).toMatchObject({ role: 'producao' });
  });

  it('is refused when it is forged', async () => {
    const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
    const claims = encode({ sub: 'producao', role: 'producao', exp: NOW / 1000 + 60 });
    const good = await issue();
    const [header = '', , signature = ''] = good.split('.');
    const foreign = new JwtService({
      secret: createSecretKey(Buffer.alloc(32, 2)),
      signOptions: { algorithm: 'HS256' },
    });
    const longer = new JwtService({ secret, signOptions: { algorithm: 'HS512' } });

    const forged = [
      `${encode({ alg: 'none', typ: 'JWT' })}.${claims}.`,
      `${encode({ alg: 'none', typ: 'JWT' })}.${claims}.${signature}`,
      `${header}.${claims}.${signature}`,
      foreign.sign({ sub: 'producao' }),
      longer.sign({ sub: 'producao' }),
      good.slice(0, -2),
      '',
      'a.b.c',
    ];
    for (const token of forged) expect(await outcome(authenticator.checkToken(token))).toBe('unauthenticated');
  });

  it('is renewed while it is good, until a day after the login', async () => {
    let { token } = await authenticator.issueToken({ name: 'producao', role: 'producao' });
    for (const hours of [7, 14, 21, 24]) {
      jest.setSystemTime(NOW + hours * 3_600_000);
      const renewed = await authenticator.renewToken(token);
      expect(renewed.expiresAt).toEqual(new Date(NOW + (hours + 8) * 3_600_000));
      expect(renewed.principal).toMatchObject({ name: 'producao', role: 'producao' });
      ({ token } = renewed);
    }
    jest.setSystemTime(NOW + 24 * 3_600_000 + 1000);
    expect(await outcome(authenticator.checkToken(token))).toBe('passed');
    expect(await outcome(authenticator.renewToken(token))).toBe('unauthenticated');
  });

  it('of an earlier version, which does not say when the password was given, is not renewed', async () => {
    const { pwd } = tokens.decode<{ pwd: string }>(
      (await authenticator.issueToken({ name: 'producao', role: 'producao' })).token,
    );
    const token = await tokens.signAsync({ sub: 'producao', role: 'producao', pwd }, { expiresIn: 3600 });
    expect(await outcome(authenticator.checkToken(token))).toBe('passed');
    expect(await outcome(authenticator.renewToken(token))).toBe('unauthenticated');
  });

  it('is refused when its user does not exist any more', async () => {
    expect(await outcome(authenticator.checkToken(tokens.sign({ sub: 'ninguem' })))).toBe('unauthenticated');
    expect(await outcome(authenticator.checkToken(tokens.sign({})))).toBe('unauthenticated');
  });
});
