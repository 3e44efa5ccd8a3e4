import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import type { Counts } from '../counts.ts';

/** What an audit by the version that wrote a stored log said of one of its polls. */
export interface Expected {
  readonly agrees: boolean;
  readonly status: string;
  readonly names: readonly string[];
  readonly counts: Counts;
  readonly digest: string;
  readonly commitment: string;
}

/** A log that an earlier version wrote, as an export, and what is expected of each poll. */
export function storedLog<E extends Expected>(
  version: string,
): { readonly file: string; readonly polls: [string, E][] } {
  const folder = join(process.cwd(), 'libs/audit/testing', version);
  const expected = JSON.parse(readFileSync(join(folder, 'expected.json'), 'utf8')) as Record<string, E>;
  return { file: join(folder, 'log.ndjson.gz'), polls: Object.entries(expected) };
}
