import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { projectRoot } from '#platform';

/** The paragraph of an alert in `docs/operations.md`, in English as it stands there. */
export interface Runbook {
  readonly means: string;
  readonly public: string;
  readonly toDo: string;
  readonly over: string;
}

const PARTS: readonly (readonly [part: keyof Runbook, label: string])[] = [
  ['means', 'Means'],
  ['public', 'The public sees'],
  ['toDo', 'Do'],
  ['over', 'Over when'],
];

/** @returns alert → its paragraph, with the parts that it has */
export function readRunbooks(text: string): Map<string, Partial<Runbook>> {
  const sections = text.split(/^#+ /m).map((section) => section.split('\n'));
  return new Map(
    sections
      .filter(([, , first]) => first?.startsWith('- **'))
      .map(([name = '', ...lines]) => [name, partsOf(lines.join('\n'))]),
  );
}

/** Those of this installation; none where the document is not there, as in the image. */
export function loadRunbooks(): Map<string, Partial<Runbook>> {
  try {
    return readRunbooks(readFileSync(join(projectRoot(), 'docs/operations.md'), 'utf8'));
  } catch {
    return new Map();
  }
}

function partsOf(text: string): Partial<Runbook> {
  const items = text.split(/^- /m).map((item) => item.replaceAll(/\s+/g, ' ').trim());
  return Object.fromEntries(
    PARTS.flatMap(([part, label]) => {
      const start = `**${label}:** `;
      const item = items.find((candidate) => candidate.startsWith(start));
      return item === undefined ? [] : [[part, plain(item.slice(start.length))]];
    }),
  );
}

/** Links and code lose their marks. */
const plain = (markdown: string): string => markdown.replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1').replaceAll('`', '');
