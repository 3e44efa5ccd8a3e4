import type { Question } from './confirm.ts';
import { duration, integer, moment, votes } from '../shared/format.ts';
import type { AuditPace, PollSummary } from '#contract';

/** What was checked of a result, and by whom. */
export function checkText({ conferido_em, apuracao }: PollSummary): string {
  const { conferido_por, nao_confere_em, nao_confere_por, diferencas } = apuracao;
  if (nao_confere_em !== null) {
    return `A conferência não confere: ${integer(diferencas ?? 0)} diferenças, em ${moment(nao_confere_em)}, por ${nao_confere_por ?? ''}.`;
  }
  if (conferido_em !== null) return `Conferido em ${moment(conferido_em)}, por ${conferido_por ?? ''}.`;
  return 'Ninguém conferiu ainda.';
}

/** How long the audit takes, so that the show can plan it. */
const paceText = ({ duracao_segundos, eventos, medido_em }: AuditPace): string =>
  `Uma conferência de ${integer(eventos)} eventos dura cerca de ${duration(duracao_segundos)} ${medido_em === null ? '(estimativa)' : '(medido aqui)'}.`;

/**
 * Before a result is released: what the public will read, and whether anybody checked it.
 * @param result in words
 */
export function proclaiming(poll: PollSummary, result: string, pace: AuditPace | undefined): Question {
  const isChecked = poll.conferido_em !== null;
  const lines = [
    `Nº ${poll.id}, “${poll.titulo}”, ${votes(poll.total)}: ${result}`,
    checkText(poll),
    isChecked || pace === undefined ? '' : paceText(pace),
  ];
  return {
    title: 'Proclamar o resultado?',
    text: lines.filter((line) => line !== '').join(' '),
    yes: isChecked ? 'Proclamar' : 'Proclamar sem conferência',
    ...(!isChecked && { reason: 'Por que sem conferência? Todos leem, para sempre' }),
  };
}

/** Before a poll is annulled. */
export const annulling = ({ id, titulo, estado }: Pick<PollSummary, 'id' | 'titulo' | 'estado'>): Question => ({
  title: 'Anular o paredão?',
  text: `Nº ${id}, “${titulo}”, deixa de valer${estado === 'aberto' ? ', e a votação encerra agora' : ''}. Os votos ficam no registro. Isto não pode ser desfeito.`,
  yes: 'Anular',
  reason: 'Motivo, que o público lê',
});
