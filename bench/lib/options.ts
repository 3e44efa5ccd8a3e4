import { UsageError } from '#platform/arguments';

/**
 * Reads a numeric option.
 * @throws UsageError when it is not a number, or below the minimum
 */
export function numberOption(name: string, text: string, minimum: number): number {
  const value = Number(text);
  if (text.trim() === '' || !(value >= minimum))
    throw new UsageError(`--${name} must be a number from ${String(minimum)}, not "${text}"`);
  return value;
}

/**
 * Reads the address of a service.
 * @throws UsageError when it is not one that can be spoken to here
 */
export function urlOption(name: string, text: string): URL {
  const url = URL.parse(text);
  if (url?.protocol !== 'http:') throw new UsageError(`--${name} must be like http://127.0.0.1:3000, not "${text}"`);
  return url;
}

/**
 * Reads an option that is one of a few words.
 * @throws UsageError when it is none of them
 */
export function choiceOption<T extends string>(name: string, text: string, choices: readonly T[]): T {
  const choice = choices.find((word) => word === text);
  if (choice === undefined) throw new UsageError(`--${name} must be one of ${choices.join(', ')}, not "${text}"`);
  return choice;
}
