import { describe, expect, it } from '@jest/globals';
import type { IncomingMessage } from 'node:http';

import { requestIds } from './request-id.ts';
import { trustedProxies } from './trusted-proxies.ts';

const UUID = /^[0-9a-f-]{36}$/;

function requestFrom(remoteAddress: string, id?: string | string[]): IncomingMessage {
  return { headers: { 'x-request-id': id }, socket: { remoteAddress } } as unknown as IncomingMessage;
}

describe('the id of a request', () => {
  const idOf = requestIds(trustedProxies(['10.0.0.0/8']));

  it('is the one that a trusted proxy gave', () => {
    expect(idOf(requestFrom('10.1.2.3', 'f00dcafe-1'))).toBe('f00dcafe-1');
  });

  it.each([
    ['from somebody else', requestFrom('192.0.2.1', 'f00dcafe-1')],
    ['that is missing', requestFrom('10.1.2.3')],
    ['that is too short', requestFrom('10.1.2.3', 'short')],
    ['that could break a log', requestFrom('10.1.2.3', 'f00d"cafe\n')],
    ['of which there are two', requestFrom('10.1.2.3', ['f00dcafe-1', 'f00dcafe-2'])],
  ])('is a fresh one instead of one %s', (_what, request) => {
    expect(idOf(request)).toMatch(UUID);
  });

  it('is a fresh one where no proxy is trusted', () => {
    expect(requestIds()(requestFrom('127.0.0.1', 'f00dcafe-1'))).toMatch(UUID);
  });
});
