import type { VersionState } from './read-model.ts';

/** A version's name is the format of its tallies and its number within the format: `1-0`, `1-1`, … */
const NAME = /^([1-9]\d*)-(0|[1-9]\d*)$/;

interface VersionName {
  readonly format: number;
  readonly number: number;
}

/** @returns undefined for what is no name of a version */
export function parseVersion(version: string): VersionName | undefined {
  const [, format, number] = NAME.exec(version) ?? [];
  return format === undefined ? undefined : { format: Number(format), number: Number(number) };
}

/** The version that a format's programs use before another was activated. */
export const firstVersion = (format: number): string => `${format}-0`;

/** A name that none of these versions has. */
export function nextVersion(format: number, existing: readonly string[]): string {
  const numbers = existing.map(parseVersion).map((name) => (name?.format === format ? name.number : 0));
  return `${format}-${Math.max(0, ...numbers) + 1}`;
}

/** The oldest first. */
export function compareVersions(a: VersionState, b: VersionState): number {
  const [one, other] = [parseVersion(a.version), parseVersion(b.version)];
  return (one?.format ?? 0) - (other?.format ?? 0) || (one?.number ?? 0) - (other?.number ?? 0);
}
