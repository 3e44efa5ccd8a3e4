import { Server, freePort } from '../lib/server.ts';
import { cpuSecondsOf } from '../lib/proc.ts';
import type { ElectorateOptions } from './electorate.ts';
import { type DoorReport, doorReport } from './door-report.ts';
import { NewVoters } from './new-voters.ts';

/** Longest run against the bare server, s. */
const LONGEST_SECONDS = 10;

/** The same new voters at a bare Fastify server: what the machine and this client make of the rate. */
export async function measureBaseline(options: ElectorateOptions): Promise<DoorReport> {
  const program = 'dist/bench/servers/fastify-noop.js';
  const server = await Server.start({ program, environment: {}, port: await freePort(), readyPath: '/' });
  try {
    const voters = new NewVoters(server.url, { ...options, duration: Math.min(options.duration, LONGEST_SECONDS) });
    const before = cpuSecondsOf(server.pid);
    await voters.run();
    return doorReport(voters, cpuSecondsOf(server.pid) - before);
  } finally {
    await server.stop();
  }
}
