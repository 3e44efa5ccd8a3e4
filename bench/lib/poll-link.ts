/** What the query of the public routes says of a poll: `paredao=…&chave=…` of a rehearsal. */
export type PollLink = string;

/** No link: the poll on air. */
export const ON_AIR: PollLink = '';

/** A path that asks for the poll of a link. @param more what else its query says */
export function withLink(path: string, link: PollLink, more = ''): string {
  const query = [link, more].filter((part) => part !== '').join('&');
  return query === '' ? path : `${path}?${query}`;
}
