/** What a terminal obeys instead of showing it: control and format characters, half pairs, and ends of lines. */
const INVISIBLE = /[\p{C}\p{Zl}\p{Zp}]/gu;

/** A foreign text as it may stand in one line of a report: nothing in it moves the cursor or begins a line of its own. */
export const printable = (text: string): string => text.replaceAll(INVISIBLE, '\ufffd');
