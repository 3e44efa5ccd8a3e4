import { describe, expect, it } from '@jest/globals';
import { spawnSync } from 'node:child_process';

/** What findNode of the scripts says of a Node, on this platform or on one that has no package. */
function found(version: string, name?: string): string {
  const platform = name === undefined ? '' : `, ${JSON.stringify(name)}`;
  const code = `
    import { findNode } from './scripts/lib/node24.mjs';
    try { console.log(findNode({ version: '${version}', execPath: 'this one' }${platform})); }
    catch (error) { console.log(error.message); }`;
  return spawnSync(process.execPath, ['--input-type=module', '--eval', code], { encoding: 'utf8' }).stdout.trim();
}

describe('the Node that everything runs on', () => {
  it.each(['v24.0.0', 'v24.21.0'])('is %s when that runs already', (version) => {
    expect(found(version)).toBe('this one');
  });

  it.each(['v20.11.0', 'v22.23.2', 'v25.0.0', 'v26.10.0'])("is the package's where %s runs", (version) => {
    expect(found(version)).toMatch(/node_modules.node-.*bin.node(.exe)?$/);
  });

  it.each(['v22.23.2', 'v26.10.0'])('is none where %s runs and the package was left out: that is said', (version) => {
    expect(found(version, 'node-left-out')).toMatch(
      new RegExp(`^Node 24 is needed, this is ${version}\\. .*--omit=optional`),
    );
  });

  it('is none where no package is for the platform', () => {
    expect(found('v26.10.0', '')).toMatch(/^Node 24 is needed, this is v26\.10\.0\. No package brings it for /);
  });
});
