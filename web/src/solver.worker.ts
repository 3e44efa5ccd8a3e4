import { createSearch, type Solution, type SolverParameters } from './solver.ts';

/** What the page sends: one challenge. `id` comes back with every message about it. */
export interface SolverRequest {
  readonly id: number;
  readonly parameters: SolverParameters;
}

/** `tried` counts hashes so far. A `solution` or an `error` is the last message for its id. */
export interface SolverReply {
  readonly id: number;
  readonly tried: number;
  readonly solution?: Solution;
  readonly error?: string;
}

/** The DOM library types `self` as a window; this is the part of a worker's scope used here. */
interface WorkerScope {
  onmessage: ((event: MessageEvent<SolverRequest>) => void) | null;
  postMessage(message: SolverReply): void;
}

const CHUNK = 16_384;
const scope = self as unknown as WorkerScope;

function run({ id, parameters }: SolverRequest): void {
  const search = createSearch(parameters);
  for (let tried = 0; tried <= 0xffff_ffff; tried += CHUNK) {
    const solution = search(tried, tried + CHUNK);
    if (solution) return scope.postMessage({ id, tried: solution.counter + 1, solution });
    scope.postMessage({ id, tried: tried + CHUNK });
  }
  throw new Error('no solution');
}

scope.onmessage = ({ data }) => {
  try {
    run(data);
  } catch (error) {
    scope.postMessage({ id: data.id, tried: 0, error: String(error) });
  }
};
