import { RecentMap } from '#collections';
import type { CaptchaProviderName, CaptchaRequest } from '#contract';

import type { AltchaHumanCheck } from '../altcha/altcha-human-check.ts';
import type { Crowd, Visitor } from '../demand/demand.ts';
import { type Challenge, HumanCheck, HumanCheckError, type PassedCheck } from '../human-check.ts';
import { CAPTCHA_PROVIDERS } from './providers.ts';
import { CAPTCHA_ACTION, type Siteverify, type Verdict } from './siteverify.ts';

/** What becomes of votes while the provider does not answer. */
export type OutagePolicy = 'refuse' | 'proof-of-work-only';

/** How a captcha that was due ended. `admitted`: without the provider, by the outage policy. */
export type CaptchaOutcome = Verdict['kind'] | 'admitted';

export interface CaptchaOptions {
  readonly provider: CaptchaProviderName;
  readonly siteKey: string;
  readonly outagePolicy: OutagePolicy;
  /** Where the page loads the widget, instead of the provider's own address. */
  readonly scriptUrl?: string;
  /** Hears of every outcome; `why` is said of outages. */
  readonly report: (outcome: CaptchaOutcome, why?: string) => void;
}

/** Challenges whose token was checked, and tokens: at least half a minute of prime time. */
const REMEMBERED = 65_536;

/**
 * Proof of work, and for the challenges that are marked so a provider's token as well. The vote's id is still that of our own
 * challenge; the token only opens the door once. A retry with the same challenge needs no second token.
 */
export class CaptchaHumanCheck extends HumanCheck {
  private readonly widget: CaptchaRequest;
  /** Challenge → who vouched for it, maybe still being asked. */
  private readonly admissions = new RecentMap<string, Promise<string>>(REMEMBERED);
  /** Token → the challenge that used it. */
  private readonly tokens = new RecentMap<string, string>(REMEMBERED);

  constructor(
    private readonly work: AltchaHumanCheck,
    private readonly siteverify: Siteverify,
    private readonly options: CaptchaOptions,
  ) {
    super();
    const { provider, siteKey, scriptUrl = CAPTCHA_PROVIDERS[provider].scriptUrl } = options;
    this.widget = { provedor: provider, chave: siteKey, acao: CAPTCHA_ACTION, script: scriptUrl };
  }

  override issue(pollId: string, visitor: Visitor, crowd?: Crowd): Challenge {
    const { captchaDue, ...challenge } = this.work.issue(pollId, visitor, crowd);
    return captchaDue === true ? { ...challenge, captcha: this.widget } : challenge;
  }

  override pollOf(solution: string): string | undefined {
    return this.work.pollOf(solution);
  }

  override verify(
    solution: string,
    pollId: string,
    minimumLife: number,
    token?: string,
  ): PassedCheck | Promise<PassedCheck> {
    const { captchaDue, ...check } = this.work.verify(solution, pollId, minimumLife);
    return captchaDue === true ? this.vouchedFor(check, minimumLife, token) : check;
  }

  private async vouchedFor(check: PassedCheck, minimumLife: number, token: string | undefined): Promise<PassedCheck> {
    const { challengeId, expiresAt, work } = check;
    const admission = this.admissions.get(challengeId) ?? this.admit(challengeId, token);
    const provider = await admission;
    if (expiresAt - Date.now() < minimumLife) throw new HumanCheckError('human-check-expired');
    return { ...check, work: { ...work, provider } };
  }

  private admit(challengeId: string, token: string | undefined): Promise<string> {
    const admission = this.ask(challengeId, token);
    this.admissions.set(challengeId, admission);
    admission.catch(() => {
      this.admissions.delete(challengeId);
    });
    return admission;
  }

  /** @returns the provider of the evidence */
  private async ask(challengeId: string, token: string | undefined): Promise<string> {
    const { provider, outagePolicy, report } = this.options;
    const verdict = await this.verdictOn(challengeId, token);
    const isAdmitted = verdict.kind === 'outage' && outagePolicy === 'proof-of-work-only';
    report(isAdmitted ? 'admitted' : verdict.kind, verdict.kind === 'outage' ? verdict.why : undefined);
    if (isAdmitted) return 'altcha';
    if (verdict.kind === 'passed') return `altcha-${provider}`;
    throw new HumanCheckError(verdict.kind === 'refused' ? 'captcha-invalid' : 'captcha-unavailable');
  }

  /** While a provider is away, pages have no token either: then an empty question tells whether it is. */
  private async verdictOn(challengeId: string, token = ''): Promise<Verdict> {
    if (token === '' && this.options.outagePolicy === 'refuse') return { kind: 'refused' };
    if (token !== '' && (this.tokens.get(token) ?? challengeId) !== challengeId) return { kind: 'refused' };
    if (token !== '') this.tokens.set(token, challengeId);
    return this.siteverify.ask(token, challengeId);
  }
}
