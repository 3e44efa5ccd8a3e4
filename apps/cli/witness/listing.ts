import { isoTime } from '#domain';
import { UsageError } from '#platform/arguments';
import { cosignatureTime, parseNote } from '#transparency';
import type { WitnessStore } from '#witness';

/** What a witness has of each log, a line each. */
export function listLogs(store: WitnessStore): string {
  const lines = store.logs().map(({ origin, checkpoints, size, forks, unproven }) => {
    const counts = [`${checkpoints} cosigned`, forks > 0 && `${forks} FORKED`, unproven > 0 && `${unproven} unproven`];
    return `${origin.padEnd(40)}  size ${size ?? '–'}  ${counts.filter((text) => text !== false).join(', ')}`;
  });
  return lines.join('\n') || 'No log is known yet.';
}

/** Every checkpoint of a log that is kept, a line each. */
export function listCheckpoints(store: WitnessStore, origin: string): string {
  const cosigned = store.cosigned(origin).map(({ size, note }) => `${size}  ${timeOf(note)}`);
  const refused = store.refused(origin).map(({ size, root, reason }) => {
    return `${size}  ${reason === 'fork' ? 'FORKED' : 'unproven'}  ${Buffer.from(root).toString('base64')}`;
  });
  const lines = [...cosigned, ...refused];
  if (lines.length === 0) throw new UsageError(`there is no checkpoint of ${origin}`);
  return lines.join('\n');
}

/**
 * One checkpoint as a signed note, an anchor for an audit.
 * @param place its origin, and its size after an `@`; without it, the last one
 * @param isRefused of those that were not cosigned, as many as there are of that size
 */
export function checkpointAt(store: WitnessStore, place: string, isRefused: boolean): string {
  const [, origin = place, size] = /^(.+)@(\d{1,16})$/.exec(place) ?? [];
  const wanted = size === undefined ? undefined : Number(size);
  const cosigned = store.find(origin, wanted);
  const refused = store.refused(origin).filter((one) => wanted === undefined || one.size === wanted);
  const notes = (isRefused ? refused : [cosigned]).flatMap((one) => one?.note ?? []);
  if (notes.length === 0) throw new UsageError(`there is no such checkpoint of ${origin}`);
  return notes.join('\n');
}

/** When it was cosigned: the last signature is the witness's own. */
const timeOf = (note: string): string =>
  isoTime(Number(cosignatureTime(parseNote(note).signatures.at(-1)!.signature)) * 1000);
