import { isoOf } from '#audit';
import type { AdminAction } from '#contract';
import { type RecordedEvent, UnreadableEventError, decodePollEvent, describePollEvent, pollStream } from '#domain';
import type { EventLog } from '#event-log';

/** What the administrators decided about a poll, in the order of the log. */
export async function actionsOn(log: EventLog, pollId: string): Promise<AdminAction[]> {
  const actions: AdminAction[] = [];
  for await (const page of log.read(pollStream(pollId), 0n)) {
    for (const event of page) actions.push(actionOf(pollId, event));
  }
  return actions;
}

function actionOf(pollId: string, recorded: RecordedEvent): AdminAction {
  const place = {
    paredao: pollId,
    revisao: String(recorded.revision),
    registrado_em: isoOf(recorded.recordedAt),
    evento: recorded.type,
  };
  try {
    const event = decodePollEvent(recorded);
    return { ...place, quem: 'by' in event ? event.by : null, o_que: describePollEvent(event) };
  } catch (error) {
    if (!(error instanceof UnreadableEventError)) throw error;
    return { ...place, quem: null, o_que: 'Evento ilegível: veja a quarentena' };
  }
}
