import { POLICY_WORDS } from './poll/disclosure.ts';
import type { Meaning } from './poll/poll.ts';
import type { StageMode } from './poll/stage.ts';
import type { Focus, Participant } from './wire/participants.ts';

/** How auditors read the parts of what happened: see the table of events. */

export const ON_STAGE: Record<StageMode, string> = {
  contagem: 'contagem regressiva',
  parcial: 'parcial',
  suspense: 'suspense',
  revelacao: 'revelação',
};

const BRASILIA = new Intl.DateTimeFormat('pt-BR', {
  timeZone: 'America/Sao_Paulo',
  dateStyle: 'short',
  timeStyle: 'short',
});
export const brasilia = (iso: string): string => BRASILIA.format(new Date(iso));
export const kind = ({ rehearsal }: Meaning): string => (rehearsal ? 'ensaio' : 'paredão');
export const between = ({
  title,
  participants: people,
}: {
  title: string;
  participants: readonly Participant[];
}): string =>
  `“${title}”: ${new Intl.ListFormat('pt-BR', { type: 'disjunction' }).format(people.map(({ name }) => name))}`;
export const meant = ({ purpose, policy }: Meaning): string =>
  `${purpose === undefined ? '' : `, para ${purpose}`}${policy === undefined ? '' : `, ${POLICY_WORDS[policy]}`}`;
export const instead = ({ replaces }: Meaning): string =>
  replaces === undefined ? '' : `, no lugar do paredão ${replaces}, anulado`;
export const asScheduled = (time: string | undefined): string =>
  time === undefined ? '' : `, como marcado para ${brasilia(time)}`;

/** "40 % da esquerda e 25 % do alto" */
export const percents = ({ x, y }: Focus): string => `${String(x)} % da esquerda e ${String(y)} % do alto`;
