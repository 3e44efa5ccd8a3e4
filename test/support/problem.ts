import { expect } from '@jest/globals';

import type { Answer } from './client.ts';

/** What must never leave the server: traces, paths of the machine, names of modules. */
const LEAKS = /\n\s+at |node_modules|node:internal|\/dist\/|\.ts:\d|\.js:\d|file:\/\/|\/(home|work|tmp|root|usr)\//;

/** The answer is a problem (RFC 9457) with this status and code, is not to be stored, and says nothing of the inside. */
export function expectProblem(answer: Answer, status: number, code: string): void {
  expect({ status: answer.status, code: answer.json?.code }).toEqual({ status, code });
  expectProblemShape(answer);
}

/** The answer is some problem, well formed. */
export function expectProblemShape({ status, headers, json, text }: Answer): void {
  expect(headers['content-type']).toBe('application/problem+json; charset=utf-8');
  expect(headers['cache-control']).toBe('no-store');
  expect(json).toEqual({
    type: `urn:paredao:problem:${String(json?.code)}`,
    title: expect.stringMatching(/\S/),
    status,
    code: expect.stringMatching(/^[a-z-]+$/),
    ...(json?.detail !== undefined && { detail: expect.any(String) }),
  });
  expectNoLeak(text);
}

export function expectNoLeak(text: string): void {
  expect(text).not.toMatch(LEAKS);
}
