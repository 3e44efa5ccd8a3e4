import type { DraftValues } from './draft-values.ts';

/** Changes that are not saved: what they began with, and what they are. */
export interface Kept {
  readonly base: DraftValues;
  readonly mine: DraftValues;
}

/** Keeps unsaved changes in this browser, for one login: a reload, or a battery, does not lose them. */
export class KeptDrafts {
  readonly #user: string;

  constructor(user: string) {
    this.#user = user;
  }

  /** @returns whether the browser has kept them: some are told not to */
  keep(id: string, changes: Kept): boolean {
    try {
      localStorage.setItem(this.#key(id), JSON.stringify(changes));
      return true;
    } catch {
      return false;
    }
  }

  /** What was kept; null for nothing, or for what this page cannot read. */
  of(id: string): Kept | null {
    try {
      const kept = JSON.parse(localStorage.getItem(this.#key(id)) ?? 'null') as Partial<Kept> | null;
      return kept && isWhole(kept.base) && isWhole(kept.mine) ? { base: kept.base, mine: kept.mine } : null;
    } catch {
      return null;
    }
  }

  forget(id: string): void {
    try {
      localStorage.removeItem(this.#key(id));
    } catch {
      // nothing was kept
    }
  }

  #key(id: string): string {
    return `paredao.rascunho.${this.#user}.${id}`;
  }
}

const TEXTS = ['titulo', 'finalidade', 'divulgacao', 'regulamento', 'abre_em', 'encerra_em', 'ensaio'] as const;

/** A later version of this page may have kept it. */
function isWhole(values: Partial<DraftValues> | undefined): values is DraftValues {
  return (
    typeof values === 'object' &&
    TEXTS.every((field) => typeof values[field] === 'string') &&
    Array.isArray(values.participantes) &&
    values.participantes.every((one) => typeof (one as { nome?: unknown } | null)?.nome === 'string')
  );
}
