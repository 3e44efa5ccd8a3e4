import { createSearch, type Solution, type SolverParameters } from './solver.ts';
import type { SolverReply } from './solver.worker.ts';
import type { Challenge } from '#contract';

/** Called with the number of hashes tried so far. */
export type OnTried = (tried: number) => void;

/** Hashes between two breaths of the page when there is no worker: about 10 ms on a slow phone. */
const SLICE = 4_096;

/** A challenge of more hashes than this is shared by several workers: it was made for a busy address. */
const HARD = 2_000_000;
const MAX_WORKERS = 4;

let worker: Worker | undefined;
let workerBroken = false;
let lastId = 0;

let script = '';

/** Names the script that solves when it runs as a worker. */
export const solveFrom = (url: string): void => void (script = url);

const startWorker = (): Worker => new Worker(script, { type: 'module' });

function getWorker(): Worker | undefined {
  if (workerBroken) return undefined;
  try {
    worker ??= startWorker();
  } catch {
    workerBroken = true;
  }
  return worker;
}

function solveInWorker(
  host: Worker,
  parameters: SolverParameters,
  onTried: OnTried,
  lane = 0,
  lanes = 1,
): Promise<Solution> {
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
    host.postMessage({ id, parameters, lane, lanes });
  });
}

/** Solves with workers of their own, which end when one of them has found it. */
async function solveInWorkers(lanes: number, parameters: SolverParameters, onTried: OnTried): Promise<Solution> {
  const crew = Array.from({ length: lanes }, startWorker);
  const tried = new Array<number>(lanes).fill(0);
  const solveLane = (host: Worker, lane: number) => {
    const onLaneTried = (hashes: number) => {
      tried[lane] = hashes;
      onTried(tried.reduce((sum, part) => sum + part));
    };
    return solveInWorker(host, parameters, onLaneTried, lane, lanes);
  };
  try {
    return await Promise.race(crew.map(solveLane));
  } finally {
    for (const host of crew) host.terminate();
  }
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
export async function solveInBackground(parameters: Challenge['parameters'], onTried: OnTried): Promise<Solution> {
  const host = getWorker();
  if (!host) return solveOnPage(parameters, onTried);
  try {
    const lanes = parameters.data.dificuldade > HARD ? Math.min(navigator.hardwareConcurrency, MAX_WORKERS) : 1;
    if (lanes > 1) return await solveInWorkers(lanes, parameters, onTried);
    return await solveInWorker(host, parameters, onTried);
  } catch (error) {
    if (!workerBroken) throw error;
    return solveOnPage(parameters, onTried);
  }
}
