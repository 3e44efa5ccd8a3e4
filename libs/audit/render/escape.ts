import { escapeHtml } from '#wording';

import { printable } from './printable.ts';

/** A foreign text as it may stand in the HTML of a report, in attributes as well. */
export const printableHtml = (text: string): string => escapeHtml(printable(text));
