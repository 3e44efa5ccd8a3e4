import { once } from 'node:events';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';

import { projectRoot } from '../../libs/platform/project-root.ts';

/** A core that solves challenges as fast as JavaScript can. */
export interface Core {
  readonly worker: Worker;
  readonly hashesPerSecond: number;
}

/** Starts one, and measures it: on a machine that is busy with other work it is as much slower. */
export async function startCore(): Promise<Core> {
  const worker = new Worker(new URL('./solver.worker.js', import.meta.url), {
    workerData: join(projectRoot(), 'web/src/voter/solver.ts'),
  });
  const [{ speed }] = (await once(worker, 'message')) as [{ speed: number }];
  return { worker, hashesPerSecond: speed };
}
