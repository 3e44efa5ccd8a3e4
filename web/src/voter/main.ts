/** The one script of the voter's page. As a worker it solves challenges: a phone loads nothing more for that. */
import { solveFrom } from './solver-client.ts';
import { serveSolver } from './solver.worker.ts';

if (typeof document === 'undefined') serveSolver();
else {
  document.documentElement.dataset['script'] = 'on';
  solveFrom(import.meta.url);
  void import('./voter.ts');
}
