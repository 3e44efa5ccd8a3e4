import { beforeEach, describe, expect, it, jest } from '@jest/globals';

import { ProblemError } from '#platform';

import type { Authenticator } from './authenticator.ts';
import { principalOf } from './roles.guard.ts';

const checkPassword = jest.fn<Authenticator['checkPassword']>();
const checkToken = jest.fn<Authenticator['checkToken']>();
const authenticator = { checkPassword, checkToken } as unknown as Authenticator;

interface Request {
  method: string;
  headers: { authorization?: string };
  ip: string;
}

const request = (authorization?: string, ip = '203.0.113.7', method = 'GET'): Request => ({
  method,
  headers: authorization === undefined ? {} : { authorization },
  ip,
});

/** @returns who was let in, or why nobody was */
const enter = async (asking: Request): Promise<string> => {
  try {
    return (await principalOf(asking, ['producao', 'admin'], authenticator)).name;
  } catch (error) {
    return (error as ProblemError).code;
  }
};

const basic = (credentials: string): string => `Basic ${Buffer.from(credentials).toString('base64')}`;

describe('a route that needs a role', () => {
  beforeEach(() => {
    checkPassword.mockReset().mockResolvedValue({ name: 'producao', role: 'producao' });
    checkToken.mockReset().mockResolvedValue({ name: 'admin', role: 'admin' });
  });

  it('lets a Bearer token of such a user in, and says who asks', async () => {
    expect(await enter(request('Bearer abc.def.ghi'))).toBe('admin');
    expect(checkToken).toHaveBeenCalledWith('abc.def.ghi');
  });

  it('lets Basic credentials of such a user in', async () => {
    expect(await enter(request(basic('producao:segredo')))).toBe('producao');
    expect(checkPassword).toHaveBeenCalledWith('producao', 'segredo', '203.0.113.7');
  });

  it.each([
    ['a colon in the password', 'producao:a:b', ['producao', 'a:b']],
    ['an empty password', 'producao:', ['producao', '']],
    ['accents', 'produção:é', ['produção', 'é']],
  ])('understands %s', async (_what, credentials, [name = '', password = '']) => {
    await enter(request(basic(credentials)));

    expect(checkPassword).toHaveBeenCalledWith(name, password, '203.0.113.7');
  });

  it('does not mind how the scheme is written', async () => {
    expect(await enter(request('bEaReR abc'))).toBe('admin');
    expect(await enter(request(basic('producao:x').replace('Basic', 'BASIC')))).toBe('producao');
  });

  it('throttles a whole IPv6 network as one client', async () => {
    await enter(request(basic('producao:x'), '2001:db8:1:2:a:b:c:d'));

    expect(checkPassword).toHaveBeenCalledWith('producao', 'x', '2001:db8:1:2');
  });

  it.each(['POST', 'PUT', 'PATCH', 'DELETE'])('takes no Basic credentials for %s, and checks none', async (method) => {
    expect(await enter(request(basic('producao:segredo'), undefined, method))).toBe('unauthenticated');
    expect(checkPassword).not.toHaveBeenCalled();
    expect(await enter(request('Bearer abc.def.ghi', undefined, method))).toBe('admin');
  });

  it('keeps other roles out', async () => {
    checkPassword.mockResolvedValue({ name: 'auditor', role: 'auditor' });

    expect(await enter(request(basic('auditor:x')))).toBe('forbidden');
  });

  it.each([undefined, '', 'Basic', 'Basic %%%', basic('no colon'), 'Digest username="producao"', 'abc'])(
    'keeps %p out as unauthenticated',
    async (authorization) => {
      expect(await enter(request(authorization))).toBe('unauthenticated');
      expect(checkPassword).not.toHaveBeenCalled();
    },
  );

  it('passes on why a check failed', async () => {
    checkToken.mockRejectedValue(new ProblemError('unauthenticated'));
    checkPassword.mockRejectedValue(new ProblemError('too-many-requests'));

    expect(await enter(request('Bearer x'))).toBe('unauthenticated');
    expect(await enter(request(basic('a:b')))).toBe('too-many-requests');
  });
});
