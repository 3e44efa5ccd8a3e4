import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The top folder of the project; every script works from there, wherever it was called. */
export const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

export const fromRoot = (...parts) => join(root, ...parts);

/** The parsed JSON file, or null when it is missing or broken. */
export function readJson(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return null;
  }
}

/** A failure that its message explains: shown without a stack. */
export class Refusal extends Error {}

/** The path of the (first) command that an installed package brings, to be run by Node. */
export function toolPath(name) {
  const bin = readJson(fromRoot('node_modules', name, 'package.json'))?.bin;
  const file = typeof bin === 'string' ? bin : Object.values(bin ?? {})[0];
  if (!file) throw new Refusal(`The package ${name} is not installed: run npm ci.`);
  return fromRoot('node_modules', name, file);
}
