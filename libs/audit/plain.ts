import type { Value } from './findings.ts';

/** Two equal values as the same JSON, whatever the order of the keys of the outermost object. */
export function plain(value: unknown): Value {
  if (isObject(value)) return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
  return value === undefined ? null : (value as Exclude<Value, object>);
}

const isObject = (value: unknown): value is Readonly<Record<string, Value>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
