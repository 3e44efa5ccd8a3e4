import { ofTab } from './storage.ts';

/** Production's login on this tab; gone when the tab is closed. */
export interface Session {
  readonly token: string;
  /** On this device's clock, milliseconds since 1970. */
  readonly expiresAt: number;
  /** When it was given out, on the same clock; 0 when that was not kept. */
  readonly since: number;
  /** What the user may do; '' when that was not kept. */
  readonly role: string;
  /** Whose it is; '' when that was not kept. */
  readonly user: string;
}

const KEY = 'paredao.sessao';

/** Reads what `saveSession` wrote; null when there is nothing usable. */
export function parseSession(stored: string | null): Session | null {
  try {
    const value: unknown = JSON.parse(stored ?? 'null');
    if (typeof value !== 'object' || value === null) return null;
    const { token, expiresAt, since = 0, role = '', user = '' } = value as Partial<Session>;
    return typeof token === 'string' && typeof expiresAt === 'number' ? { token, expiresAt, since, role, user } : null;
  } catch {
    return null;
  }
}

export const loadSession = (): Session | null => parseSession(ofTab.load(KEY));

export const saveSession = (session: Session): void => void ofTab.save(KEY, JSON.stringify(session));

export const clearSession = (): void => ofTab.remove(KEY);
