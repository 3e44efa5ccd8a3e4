/** Hears what an operator should know: a sentence, and what it is about. */
export type Tell = (
  level: 'info' | 'warn' | 'error',
  message: string,
  about: Readonly<Record<string, string | number>>,
) => void;
