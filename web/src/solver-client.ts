import { createSearch, type Solution, type SolverParameters } from './solver.ts';
import type { SolverReply } from './solver.worker.ts';

/** Called with the number of hashes tried so far. */
export type OnTried = (tried: number) => void;

/** Hashes between two breaths of the page when there is no worker: about 10 ms on a slow phone. */
const SLICE = 4_096;

let worker: Worker | undefined;
let workerBroken = false;
let lastId = 0;

function getWorker(): Worker | undefined {
  if (workerBroken) return undefined;
  try {
    worker ??= new Worker(new URL('./solver.worker.ts', import.meta.url), { type: 'module' });
  } catch {
    workerBroken = true;
  }
  return worker;
}

function solveInWorker(host: Worker, parameters: SolverParameters, onTried: OnTried): Promise<Solution> {
  const id = ++lastId;
  return new Promise((resolve, reject) => {
    const finish = (settle: () => void) => {
      host.removeEventListener('message', onMessage);
      host.removeEventListener('error', onError);
      settle();
    };
    const onMessage = ({ data }: MessageEvent<SolverReply>) => {
      if (data.id !== id) return;
      onTried(data.tried);
      const { solution, error } = data;
      if (solution) finish(() => resolve(solution));
      else if (error) finish(() => reject(new RangeError(error)));
    };
    const onError = () => {
      workerBroken = true;
      finish(() => reject(new Error('worker unavailable')));
    };
    host.addEventListener('message', onMessage);
    host.addEventListener('error', onError);
    host.postMessage({ id, parameters });
  });
}

async function solveOnPage(parameters: SolverParameters, onTried: OnTried): Promise<Solution> {
  const search = createSearch(parameters);
  for (let tried = 0; tried <= 0xffff_ffff; tried += SLICE) {
    const solution = search(tried, tried + SLICE);
    if (solution) return solution;
    onTried(tried + SLICE);
    await new Promise((resolve) => setTimeout(resolve));
  }
  throw new RangeError('no solution');
}

/**
 * Solves a challenge off the main thread; where no worker can be started (old browser, blocked script), in short
 * slices on the page. Rejects with RangeError for a challenge that has no solution or another shape.
 */
export async function solveInBackground(parameters: SolverParameters, onTried: OnTried): Promise<Solution> {
  const host = getWorker();
  if (!host) return solveOnPage(parameters, onTried);
  try {
    return await solveInWorker(host, parameters, onTried);
  } catch (error) {
    if (!workerBroken) throw error;
    return solveOnPage(parameters, onTried);
  }
}
