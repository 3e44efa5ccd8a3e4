import { type PollEvent, type RecordedEvent, UnreadableEventError, decodePollEvent, pollStream } from '#domain';
import type { EventLog } from '#event-log';

import type { ActionView } from './action.view.ts';

/** What the administrators decided about a poll, in the order of the log. */
export async function actionsOn(log: EventLog, pollId: string): Promise<ActionView[]> {
  const actions: ActionView[] = [];
  for await (const page of log.read(pollStream(pollId), 0n)) {
    for (const event of page) actions.push(actionOf(pollId, event));
  }
  return actions;
}

function actionOf(pollId: string, recorded: RecordedEvent): ActionView {
  const place = {
    paredao: pollId,
    revisao: String(recorded.revision),
    registradoEm: new Date(recorded.recordedAt).toISOString(),
    evento: recorded.type,
  };
  try {
    const event = decodePollEvent(recorded);
    return { ...place, quem: 'by' in event ? event.by : null, oQue: describe(event) };
  } catch (error) {
    if (!(error instanceof UnreadableEventError)) throw error;
    return { ...place, quem: null, oQue: 'Evento ilegível: veja a quarentena' };
  }
}

function describe(event: PollEvent): string {
  switch (event.type) {
    case 'PollOpened':
      return `Abriu o paredão “${event.title}”: ${event.participants.map(({ name }) => name).join(' ou ')}`;
    case 'ParticipantChanged':
      return `Mudou o nome do participante ${String(event.number)} para ${event.name}`;
    case 'PollClosed':
      return 'Encerrou a votação';
    case 'PollSealed':
      return `O sistema lacrou a urna no corte ${event.cut}`;
  }
}
