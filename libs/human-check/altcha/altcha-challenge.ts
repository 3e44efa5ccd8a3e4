import type { AltchaParameters } from '#contract';

/** A challenge that came back, with the counter that proves the work. */
export interface AltchaSolution {
  /** The parameters as they were sent, byte for byte: what has to be signed. */
  readonly signed: string;
  /** 32 bytes, hexadecimal. */
  readonly signature: string;
  readonly pollId: string;
  readonly captcha: boolean;
  readonly difficulty: number;
  /** Seconds since the epoch. */
  readonly expiresAt: number;
  readonly keyPrefix: string;
  readonly nonce: string;
  readonly salt: string;
  readonly counter: number;
}

const MAX_COUNTER = 0xffff_ffff;

/** What is signed: JSON with keys in alphabetical order and no white space, as ALTCHA defines it. */
export function canonicalParameters(parameters: AltchaParameters): string {
  const { data, expiresAt, keyPrefix, nonce, salt } = parameters;
  const captcha = data.captcha === true ? '"captcha":true,' : '';
  return (
    `{"algorithm":"SHA-256","cost":1,"data":{${captcha}"dificuldade":${String(data.dificuldade)},"paredao":"${data.paredao}"}` +
    `,"expiresAt":${String(expiresAt)},"keyLength":32,"keyPrefix":"${keyPrefix}","nonce":"${nonce}","salt":"${salt}"}`
  );
}

const NUMBER = '(0|[1-9]\\d{0,9})';
const HEX_16_BYTES = '([0-9a-f]{32})';
/**
 * The parameters in the very form in which they were handed out, as `JSON.stringify` keeps it: then they need not be
 * parsed and put together again to be checked, and no other reading of them can exist. A solver may add fields behind
 * the signature and behind the counter.
 */
const SOLUTION = new RegExp(
  '^{"challenge":{"parameters":' +
    `({"algorithm":"SHA-256","cost":1,"data":{("captcha":true,)?"dificuldade":${NUMBER},"paredao":"([\\w-]{1,32})"},"expiresAt":${NUMBER}` +
    `,"keyLength":32,"keyPrefix":"${HEX_16_BYTES}","nonce":"${HEX_16_BYTES}","salt":"${HEX_16_BYTES}"})` +
    `,"signature":"([0-9a-f]{64})"[^{}]*},"solution":{"counter":${NUMBER}[,}]`,
);

/**
 * Reads the payload that a solver sends: base64 of `{ challenge: { parameters, signature }, solution: { counter } }`.
 * @returns undefined when it is anything else
 */
export function parseSolution(payload: string): AltchaSolution | undefined {
  const parts = SOLUTION.exec(Buffer.from(payload, 'base64').toString('latin1'));
  if (parts === null) return undefined;
  const [, signed, captcha, difficulty, pollId, expiresAt, keyPrefix, nonce, salt, signature, counter] = parts;
  if (Number(counter) > MAX_COUNTER) return undefined;
  return {
    signed: signed!,
    signature: signature!,
    pollId: pollId!,
    captcha: captcha !== undefined,
    difficulty: Number(difficulty),
    expiresAt: Number(expiresAt),
    keyPrefix: keyPrefix!,
    nonce: nonce!,
    salt: salt!,
    counter: Number(counter),
  };
}
