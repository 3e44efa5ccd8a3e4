export { BackOff } from './back-off.ts';
export { passed } from './passed.ts';
export { withinLimit } from './within-limit.ts';
