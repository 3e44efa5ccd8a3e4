/** What the address says of the poll that the page is about, with the key of a rehearsal; empty: whichever is on air. */
function named(): [string, string][] {
  const asked = new URLSearchParams(location.search);
  return ['paredao', 'chave'].flatMap((name): [string, string][] => {
    const value = asked.get(name);
    return value ? [[name, value]] : [];
  });
}

/** Whether the address names a poll. */
export const isNamed = (): boolean => named().length > 0;

/** The key in the link of a rehearsal. */
export const rehearsalKey = (): string | undefined => new URLSearchParams(location.search).get('chave') ?? undefined;

/** A path that asks for the poll of this page. `more`: what else the query says; it goes before what the address says. */
export function ofThisPoll(path: string, more: Readonly<Record<string, string>> = {}): string {
  const query = new URLSearchParams(Object.fromEntries([...named(), ...Object.entries(more)])).toString();
  return query === '' ? path : `${path}?${query}`;
}

/** A path of a poll by itself, with the key of the rehearsal that this page is about. */
export function withKey(path: string): string {
  const key = new URLSearchParams(location.search).get('chave');
  return key ? `${path}?${new URLSearchParams({ chave: key }).toString()}` : path;
}

/** Lets the links to the other public pages lead to the same poll. */
export function keepPollInLinks(): void {
  for (const link of document.querySelectorAll<HTMLAnchorElement>('nav a[href^="/"]')) {
    link.href = ofThisPoll(link.getAttribute('href') ?? '/');
  }
}
