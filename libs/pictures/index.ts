export { type Sharp, loadSharp } from './load-sharp.ts';
