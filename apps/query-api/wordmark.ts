/** The strokes of the word Paredão, 11 wide, in a box of 406 × 76 from y = −16. The pages draw the same (`web/parts/brand.html`). */
export const WORDMARK = {
  letters:
    'M6 58V6h23a15 15 0 0 1 0 30H6M60 58 82 4l22 54M122 58V6h23a15 15 0 0 1 0 30h-23m17 0 21 22M218 6h-35v46h35M183 29h29M238 6v46h14a23 23 0 0 0 0-46zM290 58l22-54 22 54',
  /** 7 wide. */
  tilde: 'M296-5c5-9 11-7 16-4s11 5 16-4',
  /** Attributes of a `rect`. */
  last: 'x="352" y="6" width="42" height="46" rx="20"',
};
