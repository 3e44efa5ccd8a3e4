import type { EventLog } from '#event-log';

import { decisionsOf } from './poll-pages.ts';

/** The id of the poll that was opened last, as the order of the log says. Undefined while none was: drafts do not count. */
export async function latestPoll(log: EventLog): Promise<string | undefined> {
  let latest: { readonly pollId: string; readonly position: bigint } | undefined;
  // polls are numbered without gaps
  for (let number = 1; ; number++) {
    const pollId = String(number);
    const decisions = await decisionsOf(log, pollId);
    if (decisions.length === 0) return latest?.pollId;
    const position = decisions.find(({ type }) => type === 'PollOpened')?.position;
    if (position !== undefined && position > (latest?.position ?? -1n)) latest = { pollId, position };
  }
}
