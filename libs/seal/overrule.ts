import { randomUUID } from 'node:crypto';

import { checkpointIn, encodeSealOverruled, type Decision, type SealedCheckpoint } from './checkpoint-events.ts';
import { ForkedLogError, LogSealer, type SealStores, type SealedLog } from './log-sealer.ts';

/**
 * Sets aside every checkpoint that a log does not agree with, on record, so that it is sealed again from the next time on.
 * @returns what was set aside; nothing where the log is as it was published
 */
export async function overrule(sealed: SealedLog, stores: SealStores, decision: Decision): Promise<SealedCheckpoint[]> {
  const overruled: SealedCheckpoint[] = [];
  for (;;) {
    const note = await conflictIn(sealed, stores);
    if (note === undefined) return overruled;
    const event = { ...encodeSealOverruled({ ...decision, note }), id: randomUUID() };
    await stores.log.append(sealed.checkpoints, [event], 'any');
    overruled.push(checkpointIn(note, sealed.signer)!);
  }
}

/** A checkpoint that the log does not agree with, as it was signed. */
async function conflictIn(sealed: SealedLog, stores: SealStores): Promise<string | undefined> {
  try {
    const sealer = await LogSealer.resume(sealed, stores);
    for await (const page of stores.log.read(sealed.leaves, sealer.next)) for (const event of page) sealer.add(event);
    return sealer.missing?.note;
  } catch (error) {
    if (!(error instanceof ForkedLogError)) throw error;
    return error.note;
  }
}
