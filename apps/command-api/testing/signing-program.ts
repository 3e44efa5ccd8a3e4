import type { KeyObject } from 'node:crypto';
import { writeFileSync } from 'node:fs';

/** Makes a program for `SEAL_COMMAND` of a module, on a machine that has a shell and Node alone. */
export function makeProgram(path: string, module: string): void {
  writeFileSync(`${path}.mjs`, module);
  writeFileSync(path, `#!/bin/sh\nexec '${process.execPath}' '${path}.mjs'\n`, { mode: 0o700 });
}

/** The module of one that signs with a private key. */
export const signingWith = (key: KeyObject): string => `
  import { createPrivateKey, sign } from 'node:crypto';
  import { buffer } from 'node:stream/consumers';
  const key = createPrivateKey(${JSON.stringify(key.export({ format: 'pem', type: 'pkcs8' }))});
  console.log(sign(null, await buffer(process.stdin), key).toString('base64'));`;
