import { isoOf } from '#audit';
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
    registradoEm: isoOf(recorded.recordedAt),
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

const BRASILIA = new Intl.DateTimeFormat('pt-BR', {
  timeZone: 'America/Sao_Paulo',
  dateStyle: 'short',
  timeStyle: 'short',
});
const moment = (iso: string): string => BRASILIA.format(new Date(iso));
const between = ({ title, participants }: Extract<PollEvent, { participants: unknown }>): string =>
  `“${title}”: ${participants.map(({ name }) => name).join(' ou ')}`;
const asScheduled = (time: string | undefined): string =>
  time === undefined ? '' : `, como marcado para ${moment(time)}`;

const because = (reason: string | undefined): string => (reason === undefined ? '' : `: ${reason}`);

function scheduled({ opensAt, closesAt }: Extract<PollEvent, { type: 'PollScheduled' }>): string {
  const opening = opensAt === null ? 'sem hora para abrir' : `abre em ${moment(opensAt)}`;
  const closing = closesAt === null ? 'sem hora para encerrar' : `encerra em ${moment(closesAt)}`;
  return `Marcou os horários: ${opening}, ${closing}`;
}

function describe(event: PollEvent): string {
  switch (event.type) {
    case 'PollDrafted':
      return `Preparou o paredão ${between(event)}`;
    case 'PollScheduled':
      return scheduled(event);
    case 'PollOpened':
      return `Abriu o paredão ${between(event)}${asScheduled(event.scheduledFor)}`;
    case 'TitleChanged':
      return `Mudou o título para “${event.title}”`;
    case 'DraftDiscarded':
      return 'Descartou o rascunho';
    case 'ParticipantChanged':
      return `Mudou o nome do participante ${String(event.number)} para ${event.name}${because(event.reason)}`;
    case 'PhotoChanged':
      return `Trocou a foto do participante ${String(event.number)}`;
    case 'PollClosed':
      return `Encerrou a votação${asScheduled(event.scheduledFor)}`;
    case 'PollSealed':
      return `O sistema lacrou a urna no corte ${event.cut}`;
  }
}
