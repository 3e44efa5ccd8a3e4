import { type FactoryProvider, Logger } from '@nestjs/common';
import { getToken, makeCounterProvider } from '@willsoto/nestjs-prometheus';
import type { Counter } from 'prom-client';

import { AltchaHumanCheck, CaptchaHumanCheck, type CaptchaOutcome, HumanCheck, Siteverify } from '#human-check';
import { Environment, SECRETS, type Secrets } from '#platform';

const CAPTCHA_CHECKS = 'captcha_checks_total';
const OUTAGE_LOG_INTERVAL_MS = 5000;

/** Proof of work, and a provider's token in addition where one is configured. */
export const humanCheckProvider: FactoryProvider<HumanCheck> = {
  provide: HumanCheck,
  inject: [Environment, SECRETS, getToken(CAPTCHA_CHECKS)],
  useFactory: (environment: Environment, secrets: Secrets, checks: Counter) => {
    const { captchaProvider: provider, captchaSiteKey: siteKey = '', captchaScriptUrl: scriptUrl } = environment;
    const work = new AltchaHumanCheck({
      key: secrets.humanCheck,
      ...(secrets.previousHumanCheck && { previous: secrets.previousHumanCheck }),
      difficulty: environment.humanCheckDifficulty,
      lifetimeSeconds: environment.humanCheckLifetimeSeconds,
      instances: environment.humanCheckInstances,
      // who knows the shared addresses of the country sets one number for both
      clientCeiling: environment.rateLimit,
      ...(provider && { captcha: environment.captchaWhen }),
    });
    if (provider === undefined) return work;
    const { captchaSecret: secret = '', captchaHostname: hostname = '', captchaVerifyUrl: verifyUrl } = environment;
    const siteverify = new Siteverify({ provider, siteKey, secret, hostname, ...(verifyUrl && { verifyUrl }) });
    return new CaptchaHumanCheck(work, siteverify, {
      provider,
      siteKey,
      outagePolicy: environment.captchaOnOutage,
      ...(scriptUrl && { scriptUrl }),
      report: reporter(checks),
    });
  },
};

/** Counts every outcome, and logs outages: at most one line in five seconds. */
function reporter(checks: Counter): (outcome: CaptchaOutcome, why?: string) => void {
  const logger = new Logger('human-check');
  let lastLog = -Infinity;
  return (outcome, why) => {
    checks.inc({ outcome });
    if (why === undefined || performance.now() - lastLog < OUTAGE_LOG_INTERVAL_MS) return;
    lastLog = performance.now();
    logger.error({ why }, `the captcha provider is away; votes are ${outcome === 'admitted' ? 'admitted' : 'refused'}`);
  };
}

export const humanCheckMetrics = [
  makeCounterProvider({
    name: CAPTCHA_CHECKS,
    help: 'Provider tokens by outcome; admitted: without the provider, by the outage policy',
    labelNames: ['outcome'],
  }),
];
