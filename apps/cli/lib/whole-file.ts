import { createWriteStream, existsSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';

import { UsageError } from '#platform/arguments';

/**
 * Writes text to a new file, compressed if its name ends with `.gz`. The file is there when it is complete, or not at all.
 * @throws UsageError when there is such a file already
 */
export async function writeNewFile(path: string, text: AsyncIterable<string>): Promise<void> {
  if (existsSync(path)) throw new UsageError(`${path} exists already`);
  const draft = `${path}.part`;
  const file = createWriteStream(draft, { flush: true });
  try {
    const source = Readable.from(text);
    await (path.endsWith('.gz') ? pipeline(source, createGzip(), file) : pipeline(source, file));
    renameSync(draft, path);
  } finally {
    rmSync(draft, { force: true });
  }
}

/** Writes a document in the place of what was there, whole. */
export function replaceFile(path: string, text: string): void {
  writeFileSync(`${path}.part`, text, { flush: true });
  renameSync(`${path}.part`, path);
}
