import { beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';

import { ProblemError } from '../problems.ts';
import type { Authenticator, Principal } from './authenticator.ts';
import { RequiresRole, RolesGuard } from './roles.guard.ts';

class Routes {
  @RequiresRole('producao', 'admin')
  total(): void {
    // a route that needs a role
  }
}

const checkPassword = jest.fn<Authenticator['checkPassword']>();
const checkToken = jest.fn<Authenticator['checkToken']>();
const guard = new RolesGuard(new Reflector(), { checkPassword, checkToken } as unknown as Authenticator);

interface Request {
  headers: { authorization?: string };
  ip: string;
  principal?: Principal;
}

const handler = Reflect.get<Routes, 'total'>(Routes.prototype, 'total');

const request = (authorization?: string, ip = '203.0.113.7'): Request => ({
  headers: authorization === undefined ? {} : { authorization },
  ip,
});

const enter = (asking: Request): Promise<unknown> =>
  guard
    .canActivate({
      getHandler: () => handler,
      switchToHttp: () => ({ getRequest: () => asking }),
    } as unknown as ExecutionContext)
    .catch((error: unknown) => (error as ProblemError).code);

const basic = (credentials: string): string => `Basic ${Buffer.from(credentials).toString('base64')}`;

describe('a route that needs a role', () => {
  beforeEach(() => {
    checkPassword.mockReset().mockResolvedValue({ name: 'producao', role: 'producao' });
    checkToken.mockReset().mockResolvedValue({ name: 'admin', role: 'admin' });
  });

  it('lets a Bearer token of such a user in, and says who asks', async () => {
    const asking = request('Bearer abc.def.ghi');

    expect(await enter(asking)).toBe(true);
    expect(checkToken).toHaveBeenCalledWith('abc.def.ghi');
    expect(asking.principal).toEqual({ name: 'admin', role: 'admin' });
  });

  it('lets Basic credentials of such a user in', async () => {
    const asking = request(basic('producao:segredo'));

    expect(await enter(asking)).toBe(true);
    expect(checkPassword).toHaveBeenCalledWith('producao', 'segredo', '203.0.113.7');
    expect(asking.principal?.name).toBe('producao');
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
    expect(await enter(request('bEaReR abc'))).toBe(true);
    expect(await enter(request(basic('producao:x').replace('Basic', 'BASIC')))).toBe(true);
  });

  it('throttles a whole IPv6 network as one client', async () => {
    await enter(request(basic('producao:x'), '2001:db8:1:2:a:b:c:d'));

    expect(checkPassword).toHaveBeenCalledWith('producao', 'x', '2001:db8:1:2');
  });

  it('keeps other roles out', async () => {
    checkPassword.mockResolvedValue({ name: 'auditor', role: 'auditor' });
    const asking = request(basic('auditor:x'));

    expect(await enter(asking)).toBe('forbidden');
    expect(asking.principal).toBeUndefined();
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
