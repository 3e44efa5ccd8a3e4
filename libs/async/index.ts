export { BackOff } from './back-off.ts';
export { isAborted } from './is-aborted.ts';
export { passed } from './passed.ts';
export { whileBusy } from './while-busy.ts';
export { withinLimit } from './within-limit.ts';
