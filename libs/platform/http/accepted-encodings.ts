/** The content codings that a client takes, in small letters (RFC 9110, section 12.5.3). @param header `Accept-Encoding` */
export const acceptedEncodings = (header: string | undefined): ReadonlySet<string> =>
  new Set((header ?? '').split(',').filter(isWanted).map(nameOf));

const nameOf = (coding: string): string => coding.split(';', 1)[0]!.trim().toLowerCase();
const isWanted = (coding: string): boolean => !/;\s*q=0(?:\.0*)?\s*$/i.test(coding);
