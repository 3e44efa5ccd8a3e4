import 'reflect-metadata';

import { plainToInstance } from 'class-transformer';
import { IsIn, IsInt, IsOptional, IsString, Max, Min, MinLength, validateSync } from 'class-validator';

/** Levels of the log, most to least. */
const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;

/**
 * What the service can be told from outside, with its defaults. The variable of a field is its name in upper snake
 * case: `dataDir` is `DATA_DIR`.
 */
export class Environment {
  /** Address and port of the HTTP server. */
  @IsString() @MinLength(1) host = '127.0.0.1';
  @IsInt() @Min(0) @Max(65_535) port = 3000;

  /** Port of `/metrics` on the loopback interface; without it `/metrics` is on the HTTP port. */
  @IsOptional() @IsInt() @Min(0) @Max(65_535) metricsPort?: number;

  /** Where the embedded stores, the secrets and the users are. */
  @IsString() @MinLength(1) dataDir = 'data';

  @IsIn(LOG_LEVELS) logLevel: (typeof LOG_LEVELS)[number] = 'info';

  /** File the log goes to; without it, standard output. */
  @IsOptional() @IsString() @MinLength(1) logFile?: string;

  /** Addresses or CIDR blocks, comma-separated, of the proxies whose `X-Forwarded-For` is believed. */
  @IsOptional() @IsString() trustedProxies?: string;

  /** Most hashes a challenge takes; a voter needs half of it on average. */
  @IsInt() @Min(1) @Max(100_000_000) humanCheckDifficulty = 100_000;
  @IsInt() @Min(30) @Max(3600) humanCheckLifetimeSeconds = 300;

  /** Votes that may wait for the event log; beyond, voters get 503. */
  @IsInt() @Min(1) @Max(1_000_000) voteQueueLimit = 10_000;
  /** Votes that leave together in one append, at most. */
  @IsInt() @Min(1) @Max(4096) voteBatchLimit = 500;

  /** Requests a client address may make in ten seconds to a public write route; shared mobile addresses need room. */
  @IsInt() @Min(1) @Max(1_000_000) rateLimit = 600;

  /** Clients that may follow a live stream at a time. */
  @IsInt() @Min(0) @Max(1_000_000) streamLimit = 5_000;
}

/** A variable is wrong. The message names each of them and what was expected. */
export class EnvironmentError extends Error {
  override readonly name = 'EnvironmentError';
  readonly code = 'invalid-environment';
}

/**
 * Reads and checks the environment.
 * @param overrides defaults of one program, weaker than the variables
 * @throws EnvironmentError
 */
export function readEnvironment(overrides: Partial<Environment> = {}, source = process.env): Environment {
  const values: Record<string, unknown> = { ...overrides };
  for (const field of FIELDS) {
    const text = source[variableOf(field)];
    if (text !== undefined && text !== '') values[field] = NUMERIC.has(field) ? Number(text) : text;
  }
  const environment = plainToInstance(Environment, values, { exposeDefaultValues: true });
  const problems = validateSync(environment).map(({ property, value, constraints }) => {
    const expected = Object.values(constraints ?? {}).join(', ').replaceAll(property, variableOf(property));
    return `${variableOf(property)}=${String(value)}: ${expected}`;
  });
  if (problems.length > 0) throw new EnvironmentError(problems.join('\n'));
  return environment;
}

const DEFAULTS: Record<string, unknown> = { ...new Environment() };
const FIELDS = [...Object.keys(DEFAULTS), 'metricsPort', 'logFile', 'trustedProxies'];
const NUMERIC = new Set(FIELDS.filter((field) => typeof DEFAULTS[field] === 'number' || field === 'metricsPort'));

const variableOf = (field: string): string => field.replaceAll(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase();
