export { BackOff } from './back-off.ts';
export { passed } from './passed.ts';
export { whileBusy } from './while-busy.ts';
export { withinLimit } from './within-limit.ts';
