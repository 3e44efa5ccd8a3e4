import { expect, it } from '@jest/globals';
import { spawnSync } from 'node:child_process';

import { temporaryDirectory } from './support/server.ts';
import { needs } from './tools/needs.ts';

/** More than the recount keeps in memory, and then what it has open. */
const PROGRAM = `
  const { SqlRecount } = await import('./dist/libs/audit/sqlite/sql-recount.js');
  const { encodeVoteCast } = await import('./dist/libs/domain/index.js');
  const fs = await import('node:fs');
  const sql = new SqlRecount('votes-1');
  const humanCheck = { provider: 'altcha', difficulty: 1 };
  const at = Date.UTC(2026, 10, 23, 22);
  for (let index = 0; index < 600_000; index++) {
    const voteId = index.toString(16).padStart(32, '0');
    const vote = encodeVoteCast({ voteId, participantId: 1, castAt: at, expiresAt: at + 300_000, humanCheck });
    const id = '00000000-0000-4000-8000-' + index.toString(16).padStart(12, '0');
    sql.add({ ...vote, id, revision: BigInt(index), recordedAt: at });
  }
  sql.result();
  const links = fs.readdirSync('/proc/self/fd').map((fd) => {
    try { return fs.readlinkSync('/proc/self/fd/' + fd); } catch { return ''; }
  });
  // maxRSS would begin with the memory of whoever started this process
  const peak = Number(/VmHWM:\\s+(\\d+)/.exec(fs.readFileSync('/proc/self/status', 'utf8'))[1]);
  console.log(JSON.stringify({ links, memory: peak / 1024 }));
`;

// what a process has open is told by /proc
needs('linux')('an audit', () => {
  it('counts in a file in the directory that is named for it, and not in memory', () => {
    const directory = temporaryDirectory();
    const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', PROGRAM], {
      encoding: 'utf8',
      env: { PATH: process.env['PATH'], SQLITE_TMPDIR: directory },
    });
    expect(stderr).toBe('');
    const { links, memory } = JSON.parse(stdout) as { links: string[]; memory: number };
    expect(links.filter((link) => link.startsWith(directory))).not.toEqual([]);
    expect(memory).toBeLessThan(250);
  });
});
