export { AltchaHumanCheck } from './altcha/altcha-human-check.ts';
export { CaptchaHumanCheck, type CaptchaOutcome } from './captcha/captcha-human-check.ts';
export { CAPTCHA_PROVIDERS } from './captcha/providers.ts';
export { Siteverify } from './captcha/siteverify.ts';
export { CLIENT_ALLOWANCE, NETWORK_ALLOWANCE } from './demand/demand.ts';
export { HumanCheck, HumanCheckError, type PassedCheck } from './human-check.ts';
export { EvidenceKey } from './evidence.ts';
