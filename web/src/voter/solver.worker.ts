import { createSearch, type Solution, type SolverParameters } from './solver.ts';

/** What the page sends: one challenge, or every `lanes`-th part of it. `id` comes back with every message about it. */
export interface SolverRequest {
  readonly id: number;
  readonly parameters: SolverParameters;
  /** 0 ≤ `lane` < `lanes` */
  readonly lane: number;
  readonly lanes: number;
}

/** `tried` counts this worker's hashes so far. A `solution` or an `error` is the last message for its id. */
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
function run(scope: WorkerScope, { id, parameters, lane, lanes }: SolverRequest): void {
  const search = createSearch(parameters);
  let tried = 0;
  for (let from = lane * CHUNK; from <= 0xffff_ffff; from += lanes * CHUNK) {
    const solution = search(from, from + CHUNK);
    tried += CHUNK;
    scope.postMessage(solution ? { id, tried, solution } : { id, tried });
    if (solution) return;
  }
  throw new Error('no solution');
}

/** Solves what the page of this worker sends. */
export function serveSolver(): void {
  const scope = self as unknown as WorkerScope;
  scope.onmessage = ({ data }) => {
    try {
      run(scope, data);
    } catch (error) {
      scope.postMessage({ id: data.id, tried: 0, error: String(error) });
    }
  };
}
