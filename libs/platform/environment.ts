import 'reflect-metadata';

import { plainToInstance } from 'class-transformer';
import {
  IsIn,
  IsInt,
  IsOptional,
  IsString,
  Matches,
  Max,
  Min,
  MinLength,
  ValidateBy,
  ValidateIf,
  validateSync,
} from 'class-validator';
import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';

import { MAX_PARTICIPANTS, MIN_PARTICIPANTS } from '#domain';
import { CAPTCHA_PROVIDER_NAMES, type CaptchaProviderName } from '#contract';
import { parseWitnesses } from '#witness/list';

/** A list of addresses or CIDR blocks, comma-separated. */
function AreProxies(): PropertyDecorator {
  const defaultMessage = (): string => '$property must be addresses or CIDR blocks, comma-separated';
  const validate = (list: unknown): boolean => typeof list === 'string' && list.split(',').every(isAddressOrBlock);
  return ValidateBy({ name: 'areProxies', validator: { validate, defaultMessage } });
}

function isAddressOrBlock(text: string): boolean {
  const [address = '', bits = '0', ...rest] = text.trim().split('/');
  const longest = { 4: 32, 6: 128 }[isIP(address)] ?? -1;
  return /^\d{1,3}$/.test(bits) && Number(bits) <= longest && rest.length === 0;
}

const HTTPS_OR_LOOPBACK = /^(https:\/\/[^\s;,']+|http:\/\/127\.0\.0\.1:\d+(\/[^\s;,']*)?)$/;

const WEB_ADDRESS = /^https?:\/\/[^\s/?#]+(\/[^\s?#]*)?$/;

const hasSealCommand = ({ sealCommand, sealCommandKeyFile }: Environment): boolean =>
  sealCommand !== undefined || sealCommandKeyFile !== undefined;
const hasCaptcha = ({ captchaProvider }: Environment): boolean => captchaProvider !== undefined;
const isOrigin = (text: string): boolean => /^https?:/.test(text) && URL.parse(text)?.origin === text;

function IsOrigin(): PropertyDecorator {
  const defaultMessage = (): string => '$property must be an origin like https://tv.example';
  const validate = (text: unknown): boolean => typeof text === 'string' && isOrigin(text);
  return ValidateBy({ name: 'isOrigin', validator: { validate, defaultMessage } });
}

/** A list of web origins, comma-separated: scheme, host and maybe port. */
function AreOrigins(): PropertyDecorator {
  const defaultMessage = (): string => '$property must be origins like https://tv.example, comma-separated';
  const validate = (list: unknown): boolean =>
    typeof list === 'string' && list.split(',').every((origin) => isOrigin(origin.trim()));
  return ValidateBy({ name: 'areOrigins', validator: { validate, defaultMessage } });
}

/** What is wrong with a list of witnesses; undefined: nothing. */
function faultOf(list: unknown): string | undefined {
  try {
    parseWitnesses(String(list));
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

function AreWitnesses(): PropertyDecorator {
  const defaultMessage = ({ value }: { value?: unknown } = {}): string =>
    `$property must be a list of "<verifier key> https://auditor.example contracted", semicolons between two: ${faultOf(value) ?? ''}`;
  const validate = (list: unknown): boolean => faultOf(list) === undefined;
  return ValidateBy({ name: 'areWitnesses', validator: { validate, defaultMessage } });
}

/** A quorum that can be met. */
function HasWitnesses(): PropertyDecorator {
  const defaultMessage = (): string => '$property must not be more than there are WITNESSES';
  const validate = (quorum: unknown, { object } = {} as { object?: object }): boolean => {
    const { witnesses = '' } = object as Environment;
    return faultOf(witnesses) !== undefined || Number(quorum) <= parseWitnesses(witnesses).length;
  };
  return ValidateBy({ name: 'hasWitnesses', validator: { validate, defaultMessage } });
}

/** Levels of the log, most to least. */
const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;

/**
 * The settings of the service, with their defaults. The variable of a field is its name in upper snake
 * case: `dataDir` is `DATA_DIR`.
 */
export class Environment {
  /** Address and port of the HTTP server. */
  @IsString() @MinLength(1) host = '127.0.0.1';
  @IsInt() @Min(0) @Max(65_535) port = 3000;

  /** Port of `/metrics` on the loopback interface; without it `/metrics` is on the HTTP port. */
  @IsOptional() @IsInt() @Min(0) @Max(65_535) metricsPort?: number;

  /**
   * Whether every store has to be a server. A service among others must not fall back to files of its own when a URL is
   * missing or misspelt: its votes would not be counted.
   */
  @IsIn(['embedded', 'servers']) stores: 'embedded' | 'servers' = 'embedded';

  /** EventStoreDB (KurrentDB) by its connection string; without it, the log is a SQLite file in the data directory. */
  @IsOptional() @Matches(/^(esdb|kurrentdb)(\+discover)?:\/\//) eventstoreUrl?: string;

  /** MongoDB by its connection string; without it, the tallies are in a SQLite file in the data directory. */
  @IsOptional() @Matches(/^mongodb(\+srv)?:\/\//) mongodbUrl?: string;

  /** Where the embedded stores, the secrets and the users are. */
  @IsString() @MinLength(1) dataDir = 'data';

  @IsIn(LOG_LEVELS) logLevel: (typeof LOG_LEVELS)[number] = 'info';

  /** File the log goes to; without it, standard output. */
  @IsOptional() @IsString() @MinLength(1) logFile?: string;

  /** Addresses or CIDR blocks, comma-separated, of the proxies whose `X-Forwarded-For` is believed. */
  @IsOptional() @AreProxies() trustedProxies?: string;

  /** File with the networks that are refused, one a line; a change of it holds within two seconds. */
  @IsOptional() @IsString() @MinLength(1) denyList?: string;

  /** Hours in a file of the record of addresses, or `off` for no record; and the folder, by default one in the data directory. */
  @Matches(/^(off|1?[1-9]|10|2[0-4])$/) addressRecordHours = '1';
  @IsOptional() @IsString() @MinLength(1) addressRecordDir?: string;

  /** Web origins, comma-separated, whose pages may read the answers in a browser (CORS); without it, only our own. */
  @IsOptional() @AreOrigins() corsOrigins?: string;

  /** Where the public votes, as the QR code on the stage says it; without it, where the page of the stage came from. */
  @IsOptional() @IsOrigin() publicOrigin?: string;

  /** Whether the answer to a vote has a signed receipt. */
  @IsIn(['on', 'off']) voteReceipts: 'on' | 'off' = 'on';

  /** File with the Ed25519 keys that seal ballot boxes (PEM, the newest first), before those of the data directory. */
  @IsOptional() @IsString() @MinLength(1) sealKeyFile?: string;

  /**
   * Where the deployment's own key is out of reach (an HSM, a KMS): the program that signs what introduces the keys of a poll, for whoever opens
   * ballot boxes; and the file with its public keys (PEM, the newest first), for every service.
   */
  @ValidateIf(hasSealCommand) @IsString() @MinLength(1) sealCommandKeyFile?: string;
  @IsOptional() @IsString() @MinLength(1) sealCommand?: string;

  /**
   * Witnesses that are asked to cosign checkpoints of ballot boxes, `<verifier key> <URL> [contracted]`, semicolons between them; and how many of
   * them have to have signed a final boletim. One under contract sees every checkpoint, others those of a box that is public.
   */
  @IsOptional() @AreWitnesses() witnesses?: string;
  @IsInt() @Min(0) @HasWitnesses() witnessQuorum = 0;

  /** Most hashes a challenge takes; a voter needs half of it on average. Demand raises it, up to 512 times. */
  @IsInt() @Min(1) @Max(100_000_000) humanCheckDifficulty = 250_000;
  @IsInt() @Min(30) @Max(3600) humanCheckLifetimeSeconds = 300;
  /** Command APIs that share the voters evenly: each counts what it sees that many times. */
  @IsInt() @Min(1) @Max(1000) humanCheckInstances = 1;

  /** A provider whose token a vote needs as well; without it, proof of work is all. */
  @IsOptional() @IsIn(CAPTCHA_PROVIDER_NAMES) captchaProvider?: CaptchaProviderName;
  /** The account with it, and the host name of the voters' page: tokens made elsewhere are refused. */
  @ValidateIf(hasCaptcha) @IsString() @MinLength(1) captchaSiteKey?: string;
  @ValidateIf(hasCaptcha) @IsString() @MinLength(1) captchaSecret?: string;
  @ValidateIf(hasCaptcha) @IsString() @MinLength(1) captchaHostname?: string;
  /** Whether every vote needs a token, or those of clients that vote like machines. */
  @IsIn(['always', 'suspicious']) captchaWhen: 'always' | 'suspicious' = 'suspicious';
  /** What becomes of such votes while the provider does not answer. */
  @IsIn(['refuse', 'proof-of-work-only']) captchaOnOutage: 'refuse' | 'proof-of-work-only' = 'refuse';
  /** Instead of the provider's own addresses: HTTPS, or this machine. */
  @IsOptional() @Matches(HTTPS_OR_LOOPBACK) captchaVerifyUrl?: string;
  @IsOptional() @Matches(HTTPS_OR_LOOPBACK) captchaScriptUrl?: string;

  /** Votes that may wait for the event log; beyond, voters get 503. */
  @IsInt() @Min(1) @Max(1_000_000) voteQueueLimit = 10_000;
  /** Votes that leave together in one append, at most. */
  @IsInt() @Min(1) @Max(2048) voteBatchLimit = 500;

  /**
   * Requests a client address may make in ten seconds to a public write route, and challenges it gets in a minute at the
   * highest price; shared mobile addresses need room.
   */
  @IsInt() @Min(1) @Max(1_000_000) rateLimit = 1500;

  /** Between how many the demo poll is that a first `npm start` opens. */
  @IsInt() @Min(MIN_PARTICIPANTS) @Max(MAX_PARTICIPANTS) demoParticipants = 2;

  /** Commit that was built, for the metrics: the image knows it. */
  @Matches(/^([0-9a-f]{7,40}|unknown)$/) commit = 'unknown';
  /** Who commands are when they ask a service for `/total`. */
  @IsString() @MinLength(1) paredaoUser = 'auditor';
  @IsOptional() @IsString() @MinLength(1) paredaoPassword?: string;

  /** Alertmanager, whose firing alerts sre.html shows; where Grafana and Graylog are for the browsers of the staff. */
  @IsOptional() @Matches(WEB_ADDRESS) alertmanagerUrl?: string;
  @IsOptional() @Matches(WEB_ADDRESS) grafanaUrl?: string;
  @IsOptional() @Matches(WEB_ADDRESS) graylogUrl?: string;

  /** Clients that may follow a live stream at a time; a tenth, at most 100, are kept for the staff. */
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
 * @param options what stands for a variable on the command line, stronger than it
 * @throws EnvironmentError
 */
export function readEnvironment(
  overrides: Partial<Environment> = {},
  source = process.env,
  options: Partial<Record<keyof Environment, string | undefined>> = {},
): Environment {
  const values: Record<string, unknown> = { ...overrides };
  for (const field of FIELDS) {
    const given = options[field] ?? valueOf(variableOf(field), CONFIDENTIAL.has(field), source);
    const text = given?.trim();
    if (text !== undefined && text !== '') values[field] = NUMERIC.has(field) ? numberOf(text) : text;
  }
  const environment = plainToInstance(Environment, values, { exposeDefaultValues: true });
  const problems = validateSync(environment).map(({ property, value, constraints }) => {
    const expected = Object.values(constraints ?? {})
      .join(', ')
      .replaceAll(property, variableOf(property));
    const shown = CONFIDENTIAL.has(property) ? '…' : String(value);
    return `${variableOf(property)}=${shown}: ${expected}`;
  });
  if (problems.length > 0) throw new EnvironmentError(problems.join('\n'));
  return environment;
}

const DEFAULTS: Record<string, unknown> = { ...new Environment() };
// fields without a default are there as well, undefined
const FIELDS = Object.keys(DEFAULTS) as (keyof Environment)[];
const NUMERIC = new Set<string>(
  FIELDS.filter((field) => typeof DEFAULTS[field] === 'number' || field === 'metricsPort'),
);

/** Passwords, and addresses that hold some or are some: they may come from a file (`MONGODB_URL_FILE`), and no message shows them. */
const CONFIDENTIAL = new Set([
  'eventstoreUrl',
  'mongodbUrl',
  'paredaoPassword',
  'captchaSecret',
  'alertmanagerUrl',
  'witnesses',
]);

/** @throws EnvironmentError when the file that holds the value cannot be read */
function valueOf(variable: string, mayBeFile: boolean, source: NodeJS.ProcessEnv): string | undefined {
  const path = mayBeFile ? source[`${variable}_FILE`] : undefined;
  if (path === undefined || path === '') return source[variable];
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new EnvironmentError(`${variable}_FILE=${path}: must be a readable file (${(error as Error).message})`);
  }
}

/** What is no number stays as it is, so that the complaint about it shows it. */
const numberOf = (text: string): number | string => (Number.isNaN(Number(text)) ? text : Number(text));

const variableOf = (field: string): string => field.replaceAll(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase();
