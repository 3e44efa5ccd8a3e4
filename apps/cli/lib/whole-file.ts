import { accessSync, constants, createWriteStream, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';

import { makeFolder, settleFile, syncTree } from '#files';
import { UsageError } from '#platform/arguments';

/**
 * To be asked before the work whose result goes into a file.
 * @throws UsageError where nothing can be written, as everywhere in a container but on its volumes
 */
export function expectWritable(path: string): void {
  const folder = dirname(resolve(path));
  try {
    accessSync(folder, constants.W_OK);
  } catch {
    throw new UsageError(
      `${folder} cannot be written to: name a file elsewhere (in a container: on a volume, docs/audit.md)`,
    );
  }
}

/**
 * Writes text to a new file, compressed if its name ends with `.gz`. The file is there when it is complete, or not at all.
 * @throws UsageError when there is such a file already, or when there can be none
 */
export async function writeNewFile(path: string, text: AsyncIterable<string>): Promise<void> {
  if (existsSync(path)) throw new UsageError(`${path} exists already`);
  expectWritable(path);
  const draft = `${path}.part`;
  const file = createWriteStream(draft, { flush: true });
  try {
    const source = Readable.from(text);
    await (path.endsWith('.gz') ? pipeline(source, createGzip(), file) : pipeline(source, file));
    settleFile(draft, path);
  } finally {
    rmSync(draft, { force: true });
  }
}

/**
 * Fills a new folder, which is there when it is complete and on the disk, or not at all. The folder around it is made where there is none.
 * @param fill writes into a folder that is empty; whether that is on the disk is not its concern
 * @param mode of the folder
 * @throws UsageError when there is such a folder already, or when there can be none
 */
export async function writeNewFolder(
  path: string,
  fill: (folder: string) => Promise<void> | void,
  mode = 0o777,
): Promise<void> {
  if (existsSync(path)) throw new UsageError(`${path} exists already`);
  makeFolder(dirname(resolve(path)));
  expectWritable(path);
  const draft = `${path}.part`;
  // of a command that was killed
  rmSync(draft, { recursive: true, force: true });
  mkdirSync(draft, { mode });
  try {
    await fill(draft);
    syncTree(draft);
    settleFile(draft, path);
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
}

/** Writes a document in the place of what was there, whole. */
export function replaceFile(path: string, text: string): void {
  writeFileSync(`${path}.part`, text, { flush: true });
  settleFile(`${path}.part`, path);
}
