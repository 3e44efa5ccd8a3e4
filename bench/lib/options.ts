/**
 * Reads a numeric option.
 * @throws when it is not a number, or below the minimum
 */
export function numberOption(name: string, text: string, minimum: number): number {
  const value = Number(text);
  if (text.trim() === '' || !(value >= minimum))
    throw new Error(`--${name} must be a number from ${String(minimum)}, not "${text}"`);
  return value;
}
