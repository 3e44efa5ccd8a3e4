import type { PollSummary, Stage, StageScore } from '#contract';
import { sharesOf } from '../../../libs/domain/tally/shares.ts';

/** What is seen of a stage before there is one. */
export interface Wanted {
  readonly modo: Stage['modo'];
  /** Who comes last in the reveal; each of them may, so that no picture foretells a result. */
  readonly leader: number;
  /** When it was asked for, ISO-8601. */
  readonly at: string;
}

/** The same for all; or, of a reveal, one share for each and two for who leads it. */
function scoreOf(numbers: readonly number[], { modo, leader }: Wanted): StageScore | null {
  if (modo === 'contagem' || modo === 'suspense') return null;
  if (modo === 'parcial') return { percentuais: sharesOf(numbers.map(() => 1)), ordem: [...numbers], primeiros: [] };
  const others = numbers.filter((number) => number !== leader);
  const percentuais = sharesOf(numbers.map((number) => (number === leader ? 2 : 1)));
  return { percentuais, ordem: [...others, leader], primeiros: [leader] };
}

const pathOf = ({ id, chave }: PollSummary): string =>
  chave === undefined ? '/' : `/?${new URLSearchParams({ paredao: id, chave }).toString()}`;

/** The frame that the service would send of a poll: nothing was counted, so the numbers are made up. */
export function madeUp(poll: PollSummary, wanted: Wanted): Stage {
  const isOver = wanted.modo === 'suspense' || wanted.modo === 'revelacao';
  return {
    paredao: poll.id,
    titulo: poll.titulo,
    finalidade: poll.finalidade,
    estado: isOver ? 'encerrado' : 'aberto',
    encerra_em: poll.encerra_em,
    encerrado_em: isOver ? wanted.at : null,
    pausado_em: null,
    atualizado_em: wanted.at,
    modo: wanted.modo,
    pedido_em: wanted.at,
    participantes: poll.participantes,
    placar: scoreOf(
      poll.participantes.map(({ numero }) => numero),
      wanted,
    ),
    ...{ publica: false, revelavel: false, anulado: false },
    ...(poll.ensaio && { ensaio: true }),
    endereco: null,
    caminho: pathOf(poll),
    telas: [],
  };
}
