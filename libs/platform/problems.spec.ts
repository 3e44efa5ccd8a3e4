import { describe, expect, it } from '@jest/globals';
import { BadRequestException, NotFoundException } from '@nestjs/common';

import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

import { PROBLEM_CODES, type ProblemCode } from '#contract';
import { DomainError } from '#domain';
import { EventLogUnavailableError, InvalidAppendError, WrongExpectedRevisionError } from '#event-log';
import { HumanCheckError } from '#human-check';
import { ReadModelUnavailableError } from '#read-model';

import { ProblemError, codeOf, problemOf, retryAfterOf } from './problems.ts';

const fastifyError = (code: string, statusCode: number): Error => Object.assign(new Error(code), { code, statusCode });

describe('every problem', () => {
  it.each(PROBLEM_CODES)('%s has a status, a title and a type', (code) => {
    const problem = problemOf(code);

    expect(problem.status).toBeGreaterThanOrEqual(400);
    expect(problem.status).toBeLessThan(600);
    expect(problem.title).toMatch(/^[A-ZÉÚÍÓÃ].*\.$/);
    expect(problem).toMatchObject({ type: `urn:paredao:problem:${code}`, code });
    expect(problem).not.toHaveProperty('detail');
  });

  it.each(PROBLEM_CODES.filter((code) => [429, 503].includes(problemOf(code).status)))(
    '%s says when to try again',
    (code) => {
      expect(retryAfterOf(code)).toBeGreaterThan(0);
    },
  );

  it('has a detail where there is one to give', () => {
    expect(problemOf('malformed-request', 'body must be object').detail).toBe('body must be object');
  });
});

/** Of faults that no client causes or can do anything about: a 500, or the end of a start. */
const FAULTS = [
  ...['invalid-append', 'second-appender', 'directory-locked', 'tally-conflict', 'version-active', 'unreadable-event'],
  ...['invalid-environment', 'foreign-read-model', 'rebuild-overtaken', 'invalid-import', 'invalid-export'],
  ...['invalid-anchor', 'invalid-witnesses', 'no-urna', 'forked-log', 'foreign-ballot-box'],
  'seal-command-failed',
  ...['invalid-receipt', 'malformed-receipt'],
  // an export breaks off: its status was sent already
  'log-incomplete',
  // told at a terminal only
  'user-refused',
];

/** What a pattern finds in the sources below a folder, specs left out. */
function* findings(folder: string, pattern: RegExp): Iterable<string> {
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    if (!name.endsWith('.ts') || /\.spec\.ts$|testing\//.test(name)) continue;
    for (const [, code = ''] of readFileSync(join(folder, name), 'utf8').matchAll(pattern)) yield code;
  }
}

describe('a code', () => {
  it.each(['libs', 'apps'])('of an error in %s is in the table, or known to be a fault', (folder) => {
    const codes = [...findings(folder, /^ +(?:override )?readonly code(?:: string)? = '([a-z-]+)'/gm)];
    expect(codes.length).toBeGreaterThan(3);
    expect(codes.filter((code) => !PROBLEM_CODES.includes(code as ProblemCode) && !FAULTS.includes(code))).toEqual([]);
  });

  it('that a page acts on is one that the service answers with', () => {
    const codes = [...findings('web/src', /(?<!typeof [\w.]*)\bcode [!=]== '([a-z-]+)'/g)];
    expect(codes.length).toBeGreaterThan(5);
    expect(codes.filter((code) => !PROBLEM_CODES.includes(code as ProblemCode))).toEqual([]);
  });
});

describe('an error is answered with', () => {
  it.each<[string, Error, ProblemCode]>([
    ['the refusal of the domain', new DomainError('poll-not-open', 'x'), 'poll-not-open'],
    ['a failed human check', new HumanCheckError('human-check-expired'), 'human-check-expired'],
    ['a log that is away', new EventLogUnavailableError('x'), 'log-unavailable'],
    ['a read model that is away', new ReadModelUnavailableError('x'), 'read-model-unavailable'],
    ['a lost race', new WrongExpectedRevisionError('s', 'any', 1n), 'wrong-expected-revision'],
    ['a refusal of our own', new ProblemError('forbidden'), 'forbidden'],
    ['a body that fits no schema', fastifyError('FST_ERR_VALIDATION', 400), 'malformed-request'],
    ['a body that is no JSON', Object.assign(new SyntaxError('x'), { statusCode: 400 }), 'malformed-request'],
    ['an empty body', fastifyError('FST_ERR_CTP_EMPTY_JSON_BODY', 400), 'malformed-request'],
    ['a bad path', fastifyError('FST_ERR_BAD_URL', 400), 'malformed-request'],
    ['a huge body', fastifyError('FST_ERR_CTP_BODY_TOO_LARGE', 413), 'payload-too-large'],
    ['a foreign media type', fastifyError('FST_ERR_CTP_INVALID_MEDIA_TYPE', 415), 'unsupported-media-type'],
    ['a long path', fastifyError('FST_ERR_MAX_PARAM_LENGTH', 414), 'uri-too-long'],
    ['a bad request of Nest', new BadRequestException(), 'malformed-request'],
    ['an unknown route of Nest', new NotFoundException(), 'not-found'],
    ['a fault of Fastify', fastifyError('FST_ERR_REP_INVALID_PAYLOAD_TYPE', 500), 'internal-error'],
    ['a bug of ours', new InvalidAppendError('x'), 'internal-error'],
    ['a system error', Object.assign(new Error('x'), { code: 'ENOSPC' }), 'internal-error'],
    ['a code that only looks like one', Object.assign(new Error('x'), { code: 'toString' }), 'internal-error'],
  ])('%s', (_what, error, code) => {
    expect(codeOf(error)).toBe(code);
  });

  it.each([undefined, null, 'text', 42, {}, { statusCode: '404' }, { statusCode: 302 }])(
    'an internal error when %p was thrown',
    (thrown) => {
      expect(codeOf(thrown)).toBe('internal-error');
    },
  );
});
