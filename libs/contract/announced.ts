/** What somebody took down of a result that was said on air or printed: whole numbers of votes, or shares. */
export interface Announced {
  /** All votes. */
  readonly total: number | undefined;
  /** By the number of the participant. */
  readonly participants: ReadonlyMap<number, AnnouncedNumber>;
}

/** Votes, or percent with so many decimals as were said. */
export type AnnouncedNumber = { readonly votes: number } | { readonly share: number; readonly decimals: number };

const VOTES = String.raw`(?:\d{1,3}(?:\.\d{3}){1,4}|\d{1,15})`;
const SHARE = String.raw`(?:100|\d{1,2})(?:,\d{1,4})? ?%`;

const part = (votes: string, share: string): string =>
  String.raw`(?:total *= *${votes}|(?:[1-9]|10) *= *(?:${votes}|${share}))`;
const PART = part(VOTES, SHARE);

/** Longest announcement that is read, characters. */
export const MAX_ANNOUNCED_LENGTH = 400;
/** How it is written, in a request and on the command line: `total=1.001.471; 1=62,73%; 2=373000`. */
export const ANNOUNCED_PATTERN = `^${PART}(?: *; *${PART})*$`;

const WHOLE = new RegExp(ANNOUNCED_PATTERN);
const ONE = new RegExp(`^(?:(${VOTES})|${SHARE})$`);

/** One of the numbers, as people write it in Brazil: `1.001.471` or `62,73%`. Undefined where it is none. */
export function announcedNumber(text: string): AnnouncedNumber | undefined {
  const found = ONE.exec(text);
  if (found === null) return undefined;
  if (found[1] !== undefined) return { votes: Number(found[1].replaceAll('.', '')) };
  const [whole = '', decimals = ''] = text.replace(/ ?%/, '').split(',');
  return { share: Number(`${whole}.${decimals}`), decimals: decimals.length };
}

/** @returns undefined where it is written in another way, or says the same thing twice */
export function announcedIn(text: string): Announced | undefined {
  if (text.length > MAX_ANNOUNCED_LENGTH || !WHOLE.test(text)) return undefined;
  const parts = text.split(';').map((one) => one.split('=').map((side) => side.trim()));
  const said = new Map(parts.map(([key = '', value = '']) => [key, announcedNumber(value)!]));
  if (said.size < parts.length) return undefined;
  const total = said.get('total');
  said.delete('total');
  return {
    total: total !== undefined && 'votes' in total ? total.votes : undefined,
    participants: new Map([...said].map(([key, number]) => [Number(key), number])),
  };
}
