import { UsageError } from '#platform/arguments';
import { readEnvironment } from '#platform/environment';
import { openEventLog } from '#platform/stores';

import { runCommand } from './lib/command.ts';
import { appendUnreadable } from './lib/unreadable-event.ts';

const PROGRAM = {
  usage: 'node dist/apps/cli/bad-event.js POLL',
  about: `Puts an unreadable event into the ballot box of a poll, to show what happens then. It stays there (a log forgets
nothing), so take a poll for trials. A log in a data directory has one writer: stop its service first.`,
  options: {},
  operands: { least: 1, most: 1 },
} as const;

await runCommand(PROGRAM, async ({ positionals: [pollId = ''] }) => {
  if (!/^\d+$/.test(pollId)) throw new UsageError('into which poll?');
  const log = await openEventLog(readEnvironment(), 'write');
  try {
    await appendUnreadable(log, pollId);
  } finally {
    await log.close();
  }
  console.log(
    `votes-${pollId} has an event now that cannot be read. See the quarantine alert, and "completo" of /total.`,
  );
  return 0;
});
