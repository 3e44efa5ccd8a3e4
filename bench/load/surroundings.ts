import { type Standalone, startStandalone } from '../lib/server.ts';
import { measureBaseline } from './baseline.ts';
import type { DoorReport } from './door-report.ts';
import type { LoadOptions } from './options.ts';

/** Where a run takes place. */
export interface Surroundings {
  readonly url: URL;
  /** The server, if it was started for this run. */
  readonly standalone?: Standalone;
  /** What new voters met at a bare server just before. */
  readonly baseline?: DoorReport;
}

/** The server that was named, or one of its own, in a state in which it can be measured. */
export async function openSurroundings(options: LoadOptions, dataDir: string): Promise<Surroundings> {
  const { url, checkout, slowFsync } = options;
  if (url !== undefined) return { url };
  const baseline = options.voters === 'new' ? await measureBaseline(options) : undefined;
  const standalone = await startStandalone({ dataDir, slowFsync, ...(checkout !== undefined && { checkout }) });
  return { url: standalone.server.url, standalone, ...(baseline && { baseline }) };
}
