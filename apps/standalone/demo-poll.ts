import type { INestApplicationContext } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';

import { CurrentPoll } from '../command-api/polls/current-poll.ts';
import { OpenPoll } from '../command-api/polls/poll.commands.ts';

/** Opens a poll between two people who do not exist, if there was never one: the first visitor has something to vote on. */
export async function openDemoPoll(app: INestApplicationContext): Promise<void> {
  if (app.get(CurrentPoll).get() !== undefined) return;
  const names = ['Aurora Estrela', 'Íris Trovão'];
  await app.get(CommandBus).execute(new OpenPoll('Quem fica na Casa de Vidro?', names, 'demo'));
}
