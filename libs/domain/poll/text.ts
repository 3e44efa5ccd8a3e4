import { DomainError } from '../errors.ts';

/** A letter, number, sign or symbol: something that can be read. */
const VISIBLE = /[\p{L}\p{N}\p{P}\p{S}]/u;
/** Control characters, ends of lines, and what turns the direction of writing: they make a text look like another one. */
const TREACHEROUS = /[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]/u;
/** What draws nothing by itself. Between the parts of an emoji a joiner and a variant selector do. */
const INVISIBLE = /(?<!\p{Extended_Pictographic}|\p{EMod}|\ufe0f)(?:\u200d|\ufe0f)|(?!\u200d|\ufe0f)\p{DI}/gu;

/**
 * A title or name as it is stored: composed (NFC), without invisible characters, with single spaces. Its length is counted in
 * characters (code points) of that form.
 * @throws DomainError with the given code
 */
export function checkedText(
  text: string,
  maxLength: number,
  code: 'invalid-title' | 'invalid-name' | 'invalid-reason' | 'invalid-rules',
): string {
  const isWhole = text.isWellFormed() && !TREACHEROUS.test(text.trim());
  const shown = inOneLine(text);
  if (!isWhole || !VISIBLE.test(shown) || [...shown].length > maxLength) {
    throw new DomainError(
      code,
      `must have 1 to ${String(maxLength)} characters, no half of one, no control characters, and not only invisible ones`,
    );
  }
  return shown;
}

const inOneLine = (text: string): string =>
  text.normalize('NFC').replaceAll(INVISIBLE, '').replaceAll(/\s+/gu, ' ').trim();

/**
 * Rules as they are stored: each line as {@link checkedText} has it, at most one empty line between two, nothing for nothing.
 * @throws DomainError `invalid-rules`
 */
export function checkedRules(text: string, maxLength: number): string {
  const lines = text
    .split(/\r\n|\n|\r/u)
    .map((line) => (inOneLine(line) === '' ? '' : checkedText(line, maxLength, 'invalid-rules')));
  const rules = lines
    .join('\n')
    .replaceAll(/\n{3,}/gu, '\n\n')
    .trim();
  if ([...rules].length <= maxLength) return rules;
  throw new DomainError('invalid-rules', `must have at most ${String(maxLength)} characters`);
}

/**
 * Whether voters could take one name for the other: they differ by case, spaces, forms of the same characters, or letters of
 * another script that look the same.
 */
export const isAlike = (one: string, other: string): boolean => skeletonOf(one) === skeletonOf(other);

/** Capitals of other scripts that are drawn like a Latin one (Unicode Technical Standard 39, confusables). */
const TWINS = new Map([
  ...twins('АВЕЅІЈКМНОРСТУХԚԜҮӀ', 'ABESIJKMHOPCTYXQWYI'),
  ...twins('ΑΒΕΖΗΙΚΜΝΟΡΤΥΧ', 'ABEZHIKMNOPTYX'),
]);

/** In capitals: more of them have a twin. */
const skeletonOf = (name: string): string =>
  name
    .normalize('NFKC')
    .replaceAll(/[\p{DI}\s]/gu, '')
    .toUpperCase()
    .replaceAll(/[\p{Script=Cyrillic}\p{Script=Greek}]/gu, (letter) => TWINS.get(letter) ?? letter);

function twins(letters: string, latin: string): [string, string][] {
  return [...letters].map((letter, index) => [letter, latin[index]!]);
}
