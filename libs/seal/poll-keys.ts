import { TransparencyError, parseNote } from '#transparency';

const FIRST_LINE = 'paredao-chaves/v1';

/** Verifier keys (C2SP signed-note) of the logs of a poll, and of the receipts of its ballot box. */
export interface PollKeys {
  readonly box: string;
  readonly acts: string;
  readonly receipts: string;
}

/** Text of the note in which the deployment's key signs them. */
export const formatPollKeys = ({ box, acts, receipts }: PollKeys): string =>
  `${[FIRST_LINE, box, acts, receipts].join('\n')}\n`;

/**
 * Reads such a note, whose signatures are not checked here.
 * @throws TransparencyError `malformed-note`
 */
export function parsePollKeys(note: string): PollKeys {
  const { text } = parseNote(note);
  const [first, box = '', acts = '', receipts = ''] = text.split('\n');
  const keys = { box, acts, receipts };
  if (first !== FIRST_LINE || formatPollKeys(keys) !== text)
    throw new TransparencyError('malformed-note', 'this note holds no keys of a poll');
  return keys;
}
