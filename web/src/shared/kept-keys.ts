import { ofBrowser } from './storage.ts';

/** The keys of a ballot box as this browser saw them first, with the signature of the service. */
export interface KeptKeys {
  /** The note (docs/receipts.md). */
  readonly nota: string;
  /** Verifier key of the service, which signed it. */
  readonly servico: string;
}

const PREFIX = 'paredao.chaves.';

/** The keys that were kept of a ballot box; undefined where there are none, or something else. @param origin of the box */
export function keptKeys(origin: string): KeptKeys | undefined {
  try {
    const { nota, servico } = JSON.parse(ofBrowser.load(PREFIX + origin) ?? '{}') as Partial<KeptKeys>;
    return typeof nota === 'string' && typeof servico === 'string' ? { nota, servico } : undefined;
  } catch {
    return undefined;
  }
}

/** Keeps them once for a box: what was seen first is what others are compared with. */
export function keepKeys(origin: string, keys: KeptKeys): void {
  if (keptKeys(origin) === undefined) ofBrowser.save(PREFIX + origin, JSON.stringify(keys));
}

export function forgetKeys(): void {
  for (const name of ofBrowser.keys(PREFIX)) ofBrowser.remove(name);
}
