export { BackOff } from './back-off.ts';
export { withinLimit } from './within-limit.ts';
