import { randomBytes } from 'node:crypto';
import { join } from 'node:path';

import { createPrivateFile, readJsonFile } from '#files';
import { UsageError } from '#platform/arguments';

/** 128 bits, which nobody guesses. */
const SECRET_BYTES = 16;
/** Nothing that a proxy could write in another way, and nothing short enough to be tried. */
const PATH = /^(\/[\w-]+)*\/[\w-]{16,}$/;

/**
 * The secret in front of the routes of a witness: who knows it can ask how many leaves a log has. It is read from the witness's directory, or made
 * there, in a file that only its owner can read.
 * @throws UsageError for a file in which something else stands
 */
export function witnessPath(directory: string): string {
  const file = join(directory, 'path.json');
  if (readJsonFile(file) === undefined)
    createPrivateFile(file, JSON.stringify({ path: `/${randomBytes(SECRET_BYTES).toString('base64url')}` }));
  const { path } = readJsonFile(file) as { readonly path?: unknown };
  if (typeof path === 'string' && PATH.test(path)) return path;
  throw new UsageError(`${file} must hold {"path":"/…"} with 16 letters or more: delete it, and a new one is made`);
}
