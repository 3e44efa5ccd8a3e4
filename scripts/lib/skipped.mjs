import { relative } from 'node:path';

import { root } from './project.mjs';
import { whyDouble } from './real-server.mjs';

/** As test/tools/needs.ts names a suite that is not run. */
const NEEDS = /\[needs ([^\]]+)\]$/;

/** The specs that did not run, in the reports of jest: what they need and which file they are in. */
function* skippedIn(reports) {
  for (const { testResults } of reports)
    for (const { name, assertionResults } of testResults)
      for (const spec of assertionResults) {
        const { status, ancestorTitles } = spec;
        if (status === 'passed' || status === 'failed' || whyDouble(spec) !== undefined) continue;
        const tools = ancestorTitles.map((title) => NEEDS.exec(title)?.[1]).find(Boolean) ?? '';
        yield { tools, file: relative(root, name) };
      }
}

/** `test/browser (9 files)` */
function placesOf(files) {
  const folders = Map.groupBy(files, (file) => file.split('/').slice(0, -1).join('/'));
  const place = (folder, { length, 0: only }) => (length === 1 ? only : `${folder} (${length} files)`);
  return [...folders].map(([folder, inside]) => place(folder, inside)).join(', ');
}

/**
 * What `npm test` ends with when specs were skipped: how many, where, what is missing, and what brings it.
 * @returns nothing when all of them ran
 */
export async function tableOfSkipped(reports) {
  const { TOOLS, remedyFor } = await import('../../test/tools/tools.ts');
  const groups = [...Map.groupBy(skippedIn(reports), ({ tools }) => tools)];
  const rows = groups.map(([names, specs]) => {
    const tools = names.split(', ').filter((name) => name in TOOLS);
    const places = placesOf([...new Set(specs.map(({ file }) => file))]);
    return [names || 'nothing', String(specs.length), remedyFor(tools) || 'switched off in the spec', places];
  });
  if (rows.length === 0) return '';
  const table = [['missing', 'specs', 'what brings it', 'skipped in'], ...rows];
  const widths = [0, 1, 2].map((column) => Math.max(...table.map((row) => row[column].length)));
  const lines = table.map((row) => `  ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ')}`);
  return ['Skipped (at least so many specs):', ...lines.map((line) => line.trimEnd())].join('\n');
}
