import { type KeyObject, hash, randomFillSync, randomInt } from 'node:crypto';

import type { AltchaParameters } from '#contract';

import { type Crowd, Demand, type Price, type Visitor, priceClassOf } from '../demand/demand.ts';
import { type Challenge, HumanCheck, HumanCheckError, type PassedCheck } from '../human-check.ts';
import { type AltchaSolution, canonicalParameters, parseSolution } from './altcha-challenge.ts';
import { HmacSigner } from './hmac-signer.ts';

/** How challenges are made and signed. */
export interface AltchaOptions {
  readonly key: KeyObject;
  /** The key before the last rotation: what it signed is accepted for one lifetime after that. */
  readonly previous?: { readonly key: KeyObject; readonly rotatedAt: number };
  /** Most hashes a challenge takes at the base price. */
  readonly difficulty: number;
  readonly lifetimeSeconds: number;
  /** Processes among which the challenges are spread evenly; default: 1. */
  readonly instances?: number;
  /** Challenges a minute that a client gets at the highest price; default: no end. */
  readonly clientCeiling?: number;
  /** Which challenges are marked as good only together with a provider's token; default: none. */
  readonly captcha?: 'always' | 'suspicious';
}

const NONCE_BYTES = 16;
const SALT_BYTES = 16;
const PREFIX_DIGITS = 32;
const COUNTER_AT = SALT_BYTES + NONCE_BYTES;
const MESSAGE_BYTES = COUNTER_AT + 4;
const BASE_PRICE: Price = { factor: 1, suspicious: false, crowded: false };
/** Half of the counters there are: a solver that counts from 0 never runs out of them. */
const MAX_DIFFICULTY = 2 ** 31;
/** How much longer than a lifetime a challenge may live, ms: more means that a clock was set, and uses are not remembered for so long. */
const CLOCK_TOLERANCE_MS = 60_000;
/** Randomness is drawn for many challenges at a time: the call costs more than the bytes. */
const POOL_BYTES = 128 * (SALT_BYTES + NONCE_BYTES);

/**
 * Self-hosted proof of work in the format of ALTCHA v2, on synchronous `node:crypto`: the library's own check goes
 * through WebCrypto and costs ten times as much. Whatever speaks ALTCHA v2 can solve it.
 */
export class AltchaHumanCheck extends HumanCheck {
  private readonly pool = Buffer.alloc(POOL_BYTES);
  private drawn = POOL_BYTES;
  private readonly message = Buffer.alloc(MESSAGE_BYTES);

  private readonly demands: Readonly<Record<Crowd, Demand>>;
  private readonly signer: HmacSigner;
  private readonly previousSigner: HmacSigner | undefined;

  constructor(private readonly options: AltchaOptions) {
    super();
    const { instances = 1, clientCeiling: ceiling = Infinity } = options;
    const demand = (): Demand => new Demand({ instances, ceiling });
    this.demands = { real: demand(), rehearsal: demand() };
    this.signer = new HmacSigner(options.key);
    this.previousSigner = options.previous && new HmacSigner(options.previous.key);
  }

  /**
   * Without a visitor, at the base price.
   * @throws TooManyChallengesError
   */
  override issue(pollId: string, visitor?: Visitor, crowd: Crowd = 'real'): Challenge & { captchaDue?: true } {
    const { lifetimeSeconds } = this.options;
    const price = visitor === undefined ? BASE_PRICE : this.demands[crowd].add(pollId, visitor);
    const captcha = this.wantsCaptcha(price);
    const difficulty = Math.min(Math.round(this.options.difficulty * price.factor), MAX_DIFFICULTY);
    const random = this.draw();
    random.copy(this.message);
    const parameters: AltchaParameters = {
      algorithm: 'SHA-256',
      cost: 1,
      data: { ...(captcha && { captcha }), dificuldade: difficulty, paredao: pollId },
      expiresAt: Math.floor(Date.now() / 1000) + lifetimeSeconds,
      keyLength: 32,
      keyPrefix: this.derive(randomInt(difficulty)).slice(0, PREFIX_DIGITS),
      nonce: random.toString('hex', SALT_BYTES),
      salt: random.toString('hex', 0, SALT_BYTES),
    };
    const signature = this.signer.sign(canonicalParameters(parameters));
    return {
      ...{ parameters, signature, valido_por_segundos: lifetimeSeconds },
      ...(price.crowded && { rede_movimentada: true }),
      ...(captcha && { captchaDue: true }),
    };
  }

  override pollOf(payload: string): string | undefined {
    const solution = parseSolution(payload);
    return solution !== undefined && this.isSigned(solution) ? solution.pollId : undefined;
  }

  override verify(payload: string, pollId: string, minimumLife: number): PassedCheck {
    const solution = parseSolution(payload);
    if (solution === undefined) throw new HumanCheckError('human-check-invalid');
    if (solution.pollId !== pollId || !this.isSigned(solution) || !this.isSolved(solution)) {
      throw new HumanCheckError('human-check-invalid');
    }
    const expiresAt = solution.expiresAt * 1000;
    const lifetimeMs = this.options.lifetimeSeconds * 1000;
    const left = expiresAt - Date.now();
    if (left < minimumLife || left > lifetimeMs + CLOCK_TOLERANCE_MS) throw new HumanCheckError('human-check-expired');
    return {
      // a string of its own: a part of the payload would keep all of it in memory
      challengeId: this.message.toString('hex', SALT_BYTES, COUNTER_AT),
      issuedAt: expiresAt - lifetimeMs,
      expiresAt,
      work: { provider: 'altcha', difficulty: solution.difficulty },
      price: priceClassOf(solution.difficulty / this.options.difficulty),
      ...(solution.captcha && { captchaDue: true }),
    };
  }

  private wantsCaptcha({ suspicious }: Price): boolean {
    const { captcha } = this.options;
    return captcha === 'always' || (captcha === 'suspicious' && suspicious);
  }

  private isSigned({ signed, signature }: AltchaSolution): boolean {
    const { previous, lifetimeSeconds } = this.options;
    if (this.signer.verify(signed, signature)) return true;
    if (previous === undefined || Date.now() > previous.rotatedAt + lifetimeSeconds * 1000) return false;
    return this.previousSigner!.verify(signed, signature);
  }

  private isSolved({ salt, nonce, keyPrefix, counter }: AltchaSolution): boolean {
    this.message.write(salt, 0, 'hex');
    this.message.write(nonce, SALT_BYTES, 'hex');
    return this.derive(counter).startsWith(keyPrefix);
  }

  /** SHA-256 of the salt and nonce in `message` and a counter, hexadecimal. */
  private derive(counter: number): string {
    this.message.writeUInt32BE(counter, COUNTER_AT);
    return hash('sha256', this.message, 'hex');
  }

  private draw(): Buffer {
    if (this.drawn >= POOL_BYTES) {
      randomFillSync(this.pool);
      this.drawn = 0;
    }
    const random = this.pool.subarray(this.drawn, this.drawn + SALT_BYTES + NONCE_BYTES);
    this.drawn += random.length;
    return random;
  }
}
