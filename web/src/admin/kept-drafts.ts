import { type DraftValues, FIELD_NAMES } from './draft-values.ts';
import { ofBrowser } from '../shared/storage.ts';

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
    return ofBrowser.save(this.#key(id), JSON.stringify(changes));
  }

  /** What was kept; null for nothing, or for what this page cannot read. */
  of(id: string): Kept | null {
    try {
      const kept = JSON.parse(ofBrowser.load(this.#key(id)) ?? 'null') as Partial<Kept> | null;
      return kept && isWhole(kept.base) && isWhole(kept.mine) ? { base: kept.base, mine: kept.mine } : null;
    } catch {
      return null;
    }
  }

  forget(id: string): void {
    ofBrowser.remove(this.#key(id));
  }

  #key(id: string): string {
    return `paredao.rascunho.${this.#user}.${id}`;
  }
}

const TEXTS = (Object.keys(FIELD_NAMES) as (keyof DraftValues)[]).filter((field) => field !== 'participantes');

/** Another version of this page may have kept it. */
function isWhole(values: Partial<DraftValues> | undefined): values is DraftValues {
  return (
    typeof values === 'object' &&
    TEXTS.every((field) => typeof values[field] === 'string') &&
    Array.isArray(values.participantes) &&
    values.participantes.every((one) => typeof (one as { nome?: unknown } | null)?.nome === 'string')
  );
}
