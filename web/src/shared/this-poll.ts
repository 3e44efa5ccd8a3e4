/** Which poll the page is about: the one that its address names, with the key of a rehearsal, else whichever is on air. */
const asked = new URLSearchParams(location.search);

/** What the address says of it; empty where it names none. */
const named = ['paredao', 'chave'].flatMap((name): [string, string][] => {
  const value = asked.get(name);
  return value ? [[name, value]] : [];
});

/** Whether the address names a poll. */
export const isNamed = named.length > 0;

/** A path that asks for the poll of this page. `more`: what else the query says; it goes before what the address says. */
export function ofThisPoll(path: string, more: Readonly<Record<string, string>> = {}): string {
  const query = new URLSearchParams(Object.fromEntries([...named, ...Object.entries(more)])).toString();
  return query === '' ? path : `${path}?${query}`;
}

/** Lets the links to the other public pages lead to the same poll. */
export function keepPollInLinks(): void {
  for (const link of document.querySelectorAll<HTMLAnchorElement>('nav a[href^="/"]')) {
    link.href = ofThisPoll(link.getAttribute('href') ?? '/');
  }
}
