import { parseArgs } from 'node:util';

/** An option of a program, as `parseArgs` of `node:util` takes it, and how the usage tells of it. */
export interface Option {
  readonly type: 'string' | 'boolean';
  readonly default?: string | boolean;
  /** It may be given more than once. */
  readonly multiple?: boolean;
  /** What stands for its value in the usage: `N`, `FILE`. */
  readonly value?: string;
  /** One line. An option without it is not shown: the program calls itself with it. */
  readonly help?: string;
}

export type Options = Readonly<Record<string, Option>>;

/** What a program takes. It is declared once: the usage and the parsing come from it. */
export interface Program<O extends Options = Options> {
  /** How it is called: `npm run audit -- [options]`. */
  readonly usage: string;
  /** What it does, what its exit codes mean. */
  readonly about: string;
  readonly options: O;
  /** How many arguments that are no options it takes; none by default. */
  readonly operands?: { readonly least: number; readonly most: number };
}

/** Values of the options, and the other arguments. */
export type Arguments<O extends Options> = ReturnType<typeof parseArgs<{ options: O; allowPositionals: true }>>;

/** The arguments cannot be understood, or make no sense. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** Exit code of every program that did not understand its arguments. */
export const MISUNDERSTOOD = 2;

const HELP = { type: 'boolean', short: 'h', help: 'shows this' } as const;

/**
 * The arguments of this process. `--help` prints the usage and ends with exit code 0. What the program does not know ends it with
 * exit code 2, a reason and the usage, before it did anything.
 * @param interpret makes of the texts what the program works with; it may throw UsageError
 */
export function readArguments<O extends Options, T = Arguments<O>>(
  program: Program<O>,
  interpret: (given: Arguments<O>) => T = (given) => given as T,
  args: readonly string[] = process.argv.slice(2),
): T {
  try {
    assertNotKeptByNpm(program.options, process.env);
    const given = parse(program, args);
    if (given !== 'help') return interpret(given);
    process.stdout.write(`${usageOf(program)}\n`);
    process.exit(0);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    process.stderr.write(`${error.message}\n\n${usageOf(program)}\n`);
    process.exit(MISUNDERSTOOD);
  }
}

/**
 * @returns `help` when that is what was asked for
 * @throws UsageError
 */
function parse<O extends Options>({ options, operands }: Program<O>, args: readonly string[]): Arguments<O> | 'help' {
  const { least, most } = operands ?? { least: 0, most: 0 };
  const { values, positionals } = parseStrictly({ ...options, help: HELP }, args);
  if ((values as { help?: boolean }).help === true) return 'help';
  if (positionals.length < least) throw new UsageError('an argument is missing');
  if (positionals.length > most) throw new UsageError(`unexpected argument "${positionals[most] ?? ''}"`);
  return { values, positionals } as Arguments<O>;
}

function parseStrictly<O extends Options>(options: O, args: readonly string[]): Arguments<O> {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true });
  } catch (error) {
    const { code = '', message } = error as NodeJS.ErrnoException;
    if (!code.startsWith('ERR_PARSE_ARGS')) throw error;
    // what follows explains how to pass a file whose name begins with a dash
    throw new UsageError(message.replace(/\. To specify a positional.*/s, ''));
  }
}

/** `npm start --port 4000` without the `--`: npm takes the option for one of its own, and the program would never hear of it. */
function assertNotKeptByNpm(options: Options, variables: NodeJS.ProcessEnv): void {
  if (variables['npm_lifecycle_event'] === undefined) return;
  const kept = Object.keys(options).find((name) => `npm_config_${name.replaceAll('-', '_')}` in variables);
  if (kept === undefined) return;
  throw new UsageError(`npm kept --${kept} for itself: options of the program come after a lone --`);
}

/** The text that `--help` prints. */
export function usageOf({ usage, about, options }: Program): string {
  const shown = Object.entries({ ...options, help: HELP } as Options).filter(([, { help }]) => help !== undefined);
  const rows = shown.map(([name, { value, ...option }]) => {
    const preset = typeof option.default === 'string' && option.default !== '' ? ` (default ${option.default})` : '';
    return [value === undefined ? `--${name}` : `--${name} ${value}`, `${option.help ?? ''}${preset}`] as const;
  });
  const width = Math.max(...rows.map(([left]) => left.length));
  return [usage, about, '', ...rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`)].join('\n');
}
