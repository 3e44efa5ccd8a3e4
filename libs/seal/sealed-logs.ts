import { FIRST_BOX, ballotBoxStream, checkpointStream, pollStream } from '#domain';
import { type EventLog, firstOfStream, wholeStream } from '#event-log';

import { openedIn, signersFor } from './box-check.ts';
import { boxFactsIn } from './box-opening.ts';
import type { SealedLog } from './log-sealer.ts';
import { logName } from './names.ts';
import type { SealKeys } from './seal-keys.ts';

/**
 * The logs of a poll, for whoever seals them.
 * @returns `none` of a poll that was not opened, or by an earlier version; `not-open` before its ballot box is open; `foreign` where
 * another deployment opened it, or nobody did
 */
export async function sealedLogsOf(
  log: EventLog,
  pollId: string,
  keys: SealKeys,
): Promise<readonly SealedLog[] | 'none' | 'not-open' | 'foreign'> {
  const facts = boxFactsIn(await wholeStream(log, pollStream(pollId)));
  if (facts === undefined) return 'none';
  const first = await firstOfStream(log, ballotBoxStream(pollId));
  if (first === undefined) return 'not-open';
  const signers = signersFor(first, facts, keys);
  if (signers === undefined) return 'foreign';
  const { keys: introduction } = openedIn(first)!;
  const named = (leaves: string, which: typeof FIRST_BOX | 'atos'): Omit<SealedLog, 'signer'> => ({
    ...{ name: logName(pollId, which), leaves, checkpoints: checkpointStream(pollId, which), introduction },
  });
  return [
    { ...named(ballotBoxStream(pollId), FIRST_BOX), signer: signers.box },
    { ...named(pollStream(pollId), 'atos'), signer: signers.acts },
  ];
}
