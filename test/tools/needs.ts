import { describe, it } from '@jest/globals';
import { format } from 'node:util';

import { type ToolName, isExpected, missingOf, remedyFor } from './tools.ts';

type Suite = (...row: never[]) => void;

/** Specs of a suite that is not run, as far as its source shows them: a table of `it.each` counts once. */
const specsIn = (suite: Suite): number => Math.max(1, suite.toString().match(/_globals\.it\b/g)?.length ?? 0);

/**
 * `describe`, for suites that need some tools. Where one is missing the suite's function is never called: its specs are skipped, and
 * the end of `npm test` says what they need. In continuous integration that is a failure, so that a green run hides nothing.
 */
export function needs(...tools: readonly ToolName[]): typeof describe {
  const missing = missingOf(tools);
  if (missing.length === 0) return describe;
  const without = (name: string, suite: Suite): void => {
    describe(`${name} [needs ${missing.join(', ')}]`, () => {
      if (process.env['CI'] === 'true' && missing.some(isExpected)) {
        it('has what it needs', () => {
          throw new Error(`${missing.join(', ')}: missing. ${remedyFor(missing)}`);
        });
      } else for (let spec = 1; spec <= specsIn(suite); spec++) it.skip(`spec ${spec}`, () => {});
    });
  };
  const each = (rows: readonly unknown[]) => (name: string, suite: Suite) => {
    for (const row of rows) without(format(name, ...(Array.isArray(row) ? (row as unknown[]) : [row])), suite);
  };
  return Object.assign(without, { each }) as unknown as typeof describe;
}
