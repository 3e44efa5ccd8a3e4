import { isoOf } from '#audit';
import { type RecordedEvent, UnreadableEventError, decodePollEvent, describePollEvent, pollStream } from '#domain';
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
    registradoEm: isoOf(recorded.recordedAt),
    evento: recorded.type,
  };
  try {
    const event = decodePollEvent(recorded);
    return { ...place, quem: 'by' in event ? event.by : null, oQue: describePollEvent(event) };
  } catch (error) {
    if (!(error instanceof UnreadableEventError)) throw error;
    return { ...place, quem: null, oQue: 'Evento ilegível: veja a quarentena' };
  }
}
