import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';

import { UsageError, readArguments } from './arguments.ts';

const PROGRAM = {
  usage: 'npm run cook -- [options] DISH',
  about: 'Cooks a dish.',
  options: {
    minutes: { type: 'string', value: 'N', default: '5', help: 'how long' },
    'low-heat': { type: 'boolean', default: false, help: 'takes longer' },
    inner: { type: 'string' },
  },
  operands: { least: 1, most: 1 },
} as const;

/** What the program was told, or how it ended. */
function read(...args: string[]): unknown {
  const printed = { out: '', err: '' };
  jest.spyOn(process.stdout, 'write').mockImplementation((text) => Boolean((printed.out += String(text))));
  jest.spyOn(process.stderr, 'write').mockImplementation((text) => Boolean((printed.err += String(text))));
  jest.spyOn(process, 'exit').mockImplementation((code) => {
    throw new Error(`exit ${String(code)}`);
  });
  try {
    const { values, positionals } = readArguments(PROGRAM, undefined, args);
    return { ...values, positionals };
  } catch (error) {
    return { ended: (error as Error).message, ...printed };
  }
}

let environment: NodeJS.ProcessEnv;
beforeEach(() => {
  environment = process.env;
  process.env = {};
});
afterEach(() => {
  process.env = environment;
  jest.restoreAllMocks();
});

describe('arguments', () => {
  it('are the values of the options and what else is given', () => {
    expect(read('soup')).toEqual({ minutes: '5', 'low-heat': false, positionals: ['soup'] });
    expect(read('--minutes=9', 'soup', '--low-heat')).toMatchObject({ minutes: '9', 'low-heat': true });
  });

  it.each([['--help'], ['-h', '--low-heat'], ['soup', '--help']])('%s prints the usage and ends well', (...args) => {
    const out = `npm run cook -- [options] DISH
Cooks a dish.

  --minutes N  how long (default 5)
  --low-heat   takes longer
  --help       shows this
`;
    expect(read(...args)).toEqual({ ended: 'exit 0', out, err: '' });
  });

  it.each([
    ['an unknown option', ['soup', '--lowheat'], /^Unknown option '--lowheat'\n/],
    ['a short option', ['soup', '-x'], /^Unknown option '-x'\n/],
    ['an option without its value', ['soup', '--minutes'], /^Option '--minutes <value>' argument missing\n/],
    ['a value for a switch', ['soup', '--low-heat=yes'], /does not take an argument\n/],
    ['too few arguments', [], /^an argument is missing\n/],
    ['too many arguments', ['soup', 'salad'], /^unexpected argument "salad"\n/],
  ])('%s ends with exit code 2, the reason and the usage', (_what, args, reason) => {
    const answer = { ended: 'exit 2', out: '', err: expect.stringMatching(reason) };
    expect(read(...args)).toEqual(answer);
    expect((read(...args) as { err: string }).err).toContain('\n\nnpm run cook');
  });

  it('that npm kept for itself are refused, and the remedy is named', () => {
    process.env = { npm_lifecycle_event: 'cook', npm_config_low_heat: 'true' };
    expect(read('soup')).toMatchObject({ ended: 'exit 2', err: expect.stringMatching(/^npm kept --low-heat .* --\n/) });
  });

  it('whose values make no sense are refused by the program itself', () => {
    expect(read('soup')).toMatchObject({ minutes: '5' });
    const refuse = (): never => {
      throw new UsageError('too long');
    };
    expect(() => readArguments(PROGRAM, refuse, ['soup'])).toThrow('exit 2');
  });
});
