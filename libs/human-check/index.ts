export { AltchaHumanCheck } from './altcha/altcha-human-check.ts';
export { HumanCheck, HumanCheckError, type PassedCheck } from './human-check.ts';
