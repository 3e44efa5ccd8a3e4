/** What the public votes for: who leaves, who stays, or who wins. */
export const PURPOSES = ['eliminar', 'ficar', 'vencer'] as const;
export type Purpose = (typeof PURPOSES)[number];

/** Longest rules of a poll, in characters. */
export const MAX_RULES_LENGTH = 5000;
