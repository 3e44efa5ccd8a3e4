export { type Fitted, fitted, lettersOf, widthOf } from './lettering.ts';
