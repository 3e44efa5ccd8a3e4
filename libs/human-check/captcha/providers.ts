import type { CaptchaProviderName } from '#contract';

/** What differs between the services that speak the siteverify protocol. */
export interface CaptchaProvider {
  readonly verifyUrl: string;
  /** Of the widget; it is asked for explicit rendering. */
  readonly scriptUrl: string;
  /** What the page must be allowed to load: further sources by directive of the content security policy. */
  readonly sources: Readonly<Record<string, string>>;
  /** Its answers name the action that the widget was rendered for. */
  readonly namesAction: boolean;
  /** Asking again with the same token and key gets the same answer. */
  readonly takesIdempotencyKey: boolean;
}

const CLOUDFLARE = 'https://challenges.cloudflare.com';
const HCAPTCHA = 'https://hcaptcha.com https://*.hcaptcha.com';

export const CAPTCHA_PROVIDERS = {
  /** https://developers.cloudflare.com/turnstile/get-started/server-side-validation/ */
  turnstile: {
    verifyUrl: `${CLOUDFLARE}/turnstile/v0/siteverify`,
    scriptUrl: `${CLOUDFLARE}/turnstile/v0/api.js`,
    sources: { 'script-src': CLOUDFLARE, 'frame-src': CLOUDFLARE },
    namesAction: true,
    takesIdempotencyKey: true,
  },
  /** https://docs.hcaptcha.com */
  hcaptcha: {
    verifyUrl: 'https://api.hcaptcha.com/siteverify',
    scriptUrl: 'https://js.hcaptcha.com/1/api.js',
    sources: { 'script-src': HCAPTCHA, 'frame-src': HCAPTCHA, 'style-src': HCAPTCHA, 'connect-src': HCAPTCHA },
    namesAction: false,
    takesIdempotencyKey: false,
  },
  /** Version 2: https://developers.google.com/recaptcha/docs/verify */
  recaptcha: {
    verifyUrl: 'https://www.google.com/recaptcha/api/siteverify',
    scriptUrl: 'https://www.google.com/recaptcha/api.js',
    sources: {
      'script-src': 'https://www.google.com/recaptcha/ https://www.gstatic.com/recaptcha/',
      'frame-src': 'https://www.google.com/recaptcha/ https://recaptcha.google.com/recaptcha/',
    },
    namesAction: false,
    takesIdempotencyKey: false,
  },
} as const satisfies Record<CaptchaProviderName, CaptchaProvider>;
