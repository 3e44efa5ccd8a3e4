import type { CaptchaProviderName } from '#contract';

import { CAPTCHA_PROVIDERS, type CaptchaProvider } from './providers.ts';

/** An account with a provider. */
export interface SiteverifyOptions {
  readonly provider: CaptchaProviderName;
  readonly siteKey: string;
  readonly secret: string;
  /** The only host on which a token may have been made. */
  readonly hostname: string;
  /** Instead of the provider's own address. */
  readonly verifyUrl?: string;
  /** How long an answer may take, ms. */
  readonly timeLimitMs?: number;
}

/** What a provider says of a token. `outage`: nothing, or nothing that can be believed; `why` is for the log. */
export type Verdict =
  { readonly kind: 'passed' | 'refused' | 'busy' } | { readonly kind: 'outage'; readonly why: string };

/** What the widget must have been rendered for. */
export const CAPTCHA_ACTION = 'votar';

const TIME_LIMIT_MS = 3000;
/** Questions under way at a time. Beyond, votes wait outside: a crowd must not pass for an outage. */
const MAX_IN_FLIGHT = 256;
/** Outages in a row after which the provider is left alone for a while, ms. */
const OUTAGES_TO_REST = 5;
const REST_MS = 5000;
const MAX_ANSWER_LENGTH = 16_384;
/** Errors that are no fault of the voter. */
const OUR_FAULTS = new Set(['internal-error', 'missing-input-secret', 'invalid-input-secret']);
/** What a provider may hand out: printable, without spaces. */
const TOKEN = /^[\x21-\x7e]*$/;

/**
 * Asks a provider whether a token is good: one HTTPS POST in the protocol that Turnstile, hCaptcha and reCAPTCHA share. The
 * voter's address is not sent. Who uses up a token is the provider's to know: it answers for a token once.
 */
export class Siteverify {
  private readonly provider: CaptchaProvider;
  private readonly url: string;
  private inFlight = 0;
  private outages = 0;
  private restsUntil = 0;

  constructor(private readonly options: SiteverifyOptions) {
    this.provider = CAPTCHA_PROVIDERS[options.provider];
    this.url = options.verifyUrl ?? this.provider.verifyUrl;
  }

  /** @param challengeId 32 hexadecimal digits; a retry with the same one may be answered alike */
  async ask(token: string, challengeId: string): Promise<Verdict> {
    if (!TOKEN.test(token)) return { kind: 'refused' };
    if (performance.now() < this.restsUntil) return { kind: 'outage', why: 'left alone after several outages' };
    if (this.inFlight >= MAX_IN_FLIGHT) return { kind: 'busy' };
    this.inFlight++;
    const verdict = await this.post(token, challengeId).catch((error: unknown): Verdict => ({
      kind: 'outage',
      why: error instanceof Error ? error.message : String(error),
    }));
    this.inFlight--;
    this.outages = verdict.kind === 'outage' ? this.outages + 1 : 0;
    if (this.outages >= OUTAGES_TO_REST) this.restsUntil = performance.now() + REST_MS;
    return verdict;
  }

  private async post(token: string, challengeId: string): Promise<Verdict> {
    const { secret, siteKey, timeLimitMs = TIME_LIMIT_MS } = this.options;
    const body = new URLSearchParams({ secret, response: token, sitekey: siteKey });
    if (this.provider.takesIdempotencyKey) body.set('idempotency_key', asUuid(challengeId));
    const signal = AbortSignal.timeout(timeLimitMs);
    const response = await fetch(this.url, { method: 'POST', body, signal, redirect: 'error' });
    const text = await response.text();
    if (response.status >= 500 || response.status === 429 || text.length > MAX_ANSWER_LENGTH)
      return { kind: 'outage', why: `status ${String(response.status)}` };
    return this.judge(JSON.parse(text) as Answer | null);
  }

  private judge(answer: Answer | null): Verdict {
    if (typeof answer?.success !== 'boolean') return { kind: 'outage', why: 'not an answer of this protocol' };
    const errors = Array.isArray(answer['error-codes']) ? answer['error-codes'].map(String) : [];
    const ours = errors.find((code) => OUR_FAULTS.has(code));
    if (!answer.success && ours !== undefined) return { kind: 'outage', why: ours };
    const isOurs =
      answer.hostname === this.options.hostname && (!this.provider.namesAction || answer.action === CAPTCHA_ACTION);
    return { kind: answer.success && isOurs ? 'passed' : 'refused' };
  }
}

interface Answer {
  readonly success?: unknown;
  readonly hostname?: unknown;
  readonly action?: unknown;
  readonly 'error-codes'?: unknown;
}

const asUuid = (hex: string): string => hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
