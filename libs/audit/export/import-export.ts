import { SqliteImport } from '#event-log';

import { InvalidExportError } from './lines.ts';
import { ExportReader } from './read-export.ts';

/**
 * Makes a SQLite log of an export, in a directory that has none: order, positions, revisions, ids and recorded times are
 * kept. The log is there when the whole file was read and is what its manifest says, or not at all.
 * @returns how many events it has
 * @throws InvalidExportError when the file is broken or differs from its manifest
 * @throws InvalidImportError when no log could hold its events
 */
export async function importExport(
  path: string,
  directory: string,
  onProgress?: (events: number, fraction: number) => void,
): Promise<number> {
  const reader = new ExportReader(path);
  const target = SqliteImport.begin(directory, 'draft');
  let count = 0;
  try {
    for await (const { events, fraction } of reader.pages()) {
      if (events.length > 0) target.add(events);
      count += events.length;
      onProgress?.(count, fraction);
    }
    if (reader.findings.length > 0)
      throw new InvalidExportError('differs-from-manifest', JSON.stringify(reader.findings[0]));
    target.finish();
    return count;
  } catch (error) {
    target.discard();
    throw error;
  }
}
