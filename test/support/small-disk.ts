import { afterAll } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, rmdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const PAGE_BYTES = 4096;

const mounted: string[] = [];

afterAll(() => {
  for (const directory of mounted.splice(0)) {
    execFileSync('umount', ['--lazy', directory]);
    rmdirSync(directory);
  }
});

/** A directory on a disk of its own, so small that it can be filled. */
export class SmallDisk {
  private constructor(readonly directory: string) {}

  /** @throws where this process may not mount */
  static mount(megabytes: number): SmallDisk {
    const directory = mkdtempSync(join(tmpdir(), 'paredao-disk-'));
    try {
      const options = `size=${String(megabytes)}m`;
      execFileSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', directory]);
    } catch (error) {
      rmdirSync(directory);
      throw error;
    }
    mounted.push(directory);
    return new SmallDisk(directory);
  }

  /** Takes every byte that is left. */
  fill(): void {
    for (let size = 4 * 1024 * 1024; size >= PAGE_BYTES; size /= 2) {
      for (let part = 0; this.take(`${String(size)}-${String(part)}`, size); part++);
    }
  }

  /** Gives back what `fill` took. */
  free(): void {
    for (const path of this.taken.splice(0)) rmSync(path);
  }

  private readonly taken: string[] = [];

  private take(name: string, size: number): boolean {
    const path = join(this.directory, `fill-${name}`);
    this.taken.push(path);
    try {
      writeFileSync(path, Buffer.alloc(size));
      return true;
    } catch {
      return false;
    }
  }
}
