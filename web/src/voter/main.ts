/** The one script of the voter's page. As a worker it solves challenges: a phone loads nothing more for that. */
import { solveFrom } from './solver-client.ts';
import { serveSolver } from './solver.worker.ts';
import { pageIsWhole } from '../shared/whole.ts';

if (typeof document === 'undefined') serveSolver();
else {
  solveFrom(import.meta.url);
  // not before it is there: a browser that is too old fails while it loads, and the page says so
  void import('./voter.ts').then(pageIsWhole);
}
