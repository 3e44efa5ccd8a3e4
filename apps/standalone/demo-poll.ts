import type { INestApplicationContext } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';

import { EventLog } from '#event-log';

import { PollDirectory } from '../command-api/polls/poll-directory.ts';
import { CreatePoll } from '../command-api/polls/poll.commands.ts';
import { Tallies } from '../query-api/tallies.ts';

const SHOWN_LIMIT_MS = 5000;

/** Of the first two, the pages have portraits. */
const PEOPLE = [
  ...['Aurora Estrela', 'Íris Trovão', 'Caio Cometa', 'Dandara Maré', 'Enzo Granizo'],
  ...['Flora Neblina', 'Gil Poente', 'Helena Orvalho', 'Ivo Vendaval', 'Jade Lua'],
];

const DEMO = {
  title: 'Quem fica na Casa de Vidro?',
  purpose: 'ficar',
  // whoever tries it out sees the result page move, also before a vote of their own
  policy: 'sempre',
  rules:
    'Vote quantas vezes quiser até o encerramento.\n\nQuem receber mais votos fica na casa. Os participantes não existem: é uma demonstração.',
} as const;

/**
 * Opens a poll between people who do not exist, if there was never one: the first visitor has something to vote on.
 * Resolves when its result can be read, so that the printed URL never leads to a poll that is not there yet.
 */
export async function openDemoPoll(app: INestApplicationContext, participants: number): Promise<void> {
  const polls = app.get(PollDirectory);
  await polls.whenKnown;
  if ((polls.lastOpened() ?? polls.lastRehearsal()) !== undefined) return;
  const names = PEOPLE.slice(0, participants);
  await app.get(CommandBus).execute(new CreatePoll({ ...DEMO, names }, 'demo'));
  const { position } = await app.get(EventLog).head();
  await app.get(Tallies).includes(position, SHOWN_LIMIT_MS);
}
