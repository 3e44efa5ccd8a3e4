/**
 * A challenge of ALTCHA (proof of work, version 2, https://altcha.org/docs/v2/proof-of-work/): find the counter for
 * which SHA-256(salt ‖ nonce ‖ counter as 32-bit big-endian) starts with `keyPrefix`. The prefix was computed from a
 * counter that the server chose, so the work is bounded and evenly spread below the difficulty.
 */
export interface AltchaParameters {
  readonly algorithm: 'SHA-256';
  readonly cost: 1;
  readonly data: { readonly dificuldade: number; readonly paredao: string };
  /** Seconds since the epoch. */
  readonly expiresAt: number;
  readonly keyLength: 32;
  /** 16 bytes, hexadecimal, as are `nonce` and `salt`. */
  readonly keyPrefix: string;
  readonly nonce: string;
  readonly salt: string;
}

/** The parts of a solution that are used; `counter` alone proves the work. */
export interface AltchaSolution {
  readonly parameters: AltchaParameters;
  readonly signature: string;
  readonly counter: number;
}

const HEX_16_BYTES = /^[0-9a-f]{32}$/;
const HEX_32_BYTES = /^[0-9a-f]{64}$/;
const POLL_ID = /^[\w-]{1,32}$/;
const MAX_COUNTER = 0xffff_ffff;

/** What is signed: JSON with keys in alphabetical order and no white space, as ALTCHA defines it. */
export function canonicalParameters(parameters: AltchaParameters): string {
  const { data, expiresAt, keyPrefix, nonce, salt } = parameters;
  return (
    `{"algorithm":"SHA-256","cost":1,"data":{"dificuldade":${String(data.dificuldade)},"paredao":"${data.paredao}"}` +
    `,"expiresAt":${String(expiresAt)},"keyLength":32,"keyPrefix":"${keyPrefix}","nonce":"${nonce}","salt":"${salt}"}`
  );
}

/**
 * Reads the payload that a solver sends: base64 of `{ challenge: { parameters, signature }, solution: { counter } }`.
 * @returns undefined when it is anything else
 */
export function parseSolution(payload: string): AltchaSolution | undefined {
  let value: unknown;
  try {
    value = JSON.parse(Buffer.from(payload, 'base64').toString('latin1'));
  } catch {
    return undefined;
  }
  const { challenge, solution } = (value ?? {}) as Payload;
  const parameters = challenge?.parameters;
  const signature = challenge?.signature;
  const counter = solution?.counter;
  if (!isParameters(parameters) || !matches(HEX_32_BYTES, signature) || !isUint32(counter)) return undefined;
  return { parameters, signature, counter };
}

interface Payload {
  challenge?: { parameters?: unknown; signature?: unknown } | null;
  solution?: { counter?: unknown } | null;
}

/** Every field of the canonical text is checked: what was sent is what was signed, and no content can forge the text. */
function isParameters(value: unknown): value is AltchaParameters {
  const parameters = (value ?? {}) as Partial<Record<keyof AltchaParameters, unknown>>;
  const data = (parameters.data ?? {}) as Partial<Record<'dificuldade' | 'paredao', unknown>>;
  return (
    parameters.algorithm === 'SHA-256' &&
    parameters.cost === 1 &&
    parameters.keyLength === 32 &&
    matches(HEX_16_BYTES, parameters.nonce) &&
    matches(HEX_16_BYTES, parameters.salt) &&
    matches(HEX_16_BYTES, parameters.keyPrefix) &&
    isUint32(parameters.expiresAt) &&
    isUint32(data.dificuldade) &&
    matches(POLL_ID, data.paredao)
  );
}

const matches = (pattern: RegExp, value: unknown): value is string => typeof value === 'string' && pattern.test(value);

const isUint32 = (value: unknown): value is number =>
  Number.isInteger(value) && (value as number) >= 0 && (value as number) <= MAX_COUNTER;
