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

/**
 * A worker says something several times a second. One that is silent for so long, ms, was ended by the browser, which tells nobody:
 * another takes its place.
 */
const SILENCE = 4_000;

class SilentWorkerError extends Error {
  override readonly name = 'SilentWorkerError';
}

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
    let silence = setTimeout(onSilence, SILENCE);
    const finish = (settle: () => void) => {
      clearTimeout(silence);
      host.removeEventListener('message', onMessage);
      host.removeEventListener('error', onError);
      settle();
    };
    const onMessage = ({ data }: MessageEvent<SolverReply>) => {
      clearTimeout(silence);
      silence = setTimeout(onSilence, SILENCE);
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
    function onSilence(): void {
      host.terminate();
      if (worker === host) worker = undefined;
      finish(() => reject(new SilentWorkerError('the worker is silent')));
    }
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

/** With as many workers as a challenge is worth, or on the page where none can be started. */
async function trySolving(parameters: Challenge['parameters'], onTried: OnTried): Promise<Solution> {
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

/**
 * Solves a challenge off the main thread; where no worker can be started (old browser, blocked script), or a second one
 * falls silent too, in short slices on the page. Rejects with RangeError for a challenge that has no solution or another shape.
 */
export async function solveInBackground(parameters: Challenge['parameters'], onTried: OnTried): Promise<Solution> {
  for (let workers = 0; workers < 2; workers++) {
    try {
      return await trySolving(parameters, onTried);
    } catch (error) {
      if (!(error instanceof SilentWorkerError)) throw error;
    }
  }
  return solveOnPage(parameters, onTried);
}
