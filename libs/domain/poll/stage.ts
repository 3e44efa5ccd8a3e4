/** What the wall in the studio shows: the countdown, shares so far, nothing that moves, or the result. */
export const STAGE_MODES = ['contagem', 'parcial', 'suspense', 'revelacao'] as const;
export type StageMode = (typeof STAGE_MODES)[number];

/** What production wants on the wall, and since when. */
export interface StageCue {
  readonly mode: StageMode;
  /** UTC ISO-8601 with milliseconds. */
  readonly at: string;
}

/** What the wall shows of a poll before anybody said so. */
export const FIRST_STAGE_MODE: StageMode = 'contagem';
