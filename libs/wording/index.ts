export { escapeHtml } from './html.ts';
export { percent } from './percent.ts';
export { described } from './purpose.ts';
export { headline } from './verdict.ts';
