import Type, { type Static } from 'typebox';

import {
  DISCLOSURE_PROPERTIES,
  OPENED_STATES,
  ParticipantTotal,
  type PollState,
  REHEARSAL_PROPERTIES,
  RUNNING_PROPERTIES,
  STANDING_PROPERTIES,
  SignOff,
  finalidade,
} from './polls.ts';
import { count, flag, listOf, moment, named, oneOf, orNull, seconds, text } from './schema.ts';
import { withVotes } from './votes-by-number.ts';

const total = count('Counted votes', { examples: [2343] });

/** Events of the ballot box that were read and not counted. */
export const NOT_COUNTED = {
  duplicados: count('Repeated occurrences of a vote in the log; not counted'),
  atrasados: count('Votes after the closing cut; not counted'),
  expirados: count('Votes recorded long after their challenge expired; not counted'),
  quarentena: count('Events that could not be read; not counted'),
};

export const DIGEST = text('SHA-256 over what was counted; every replay of the log gives the same');

export const HourCounts = withVotes('HourCounts', {
  hora: moment('Start of the hour'),
  total,
});
export type HourCounts = Static<typeof HourCounts>;

export const MinuteCounts = withVotes('MinuteCounts', {
  minuto: moment('Start of the minute'),
  total,
});
export type MinuteCounts = Static<typeof MinuteCounts>;

export const CurveObservation = named(
  'CurveObservation',
  {
    participante: count('Number of the participant', { examples: [1] }),
    inicio_em: moment('When the first of the minutes began'),
    fim_em: moment('When the last of them ended'),
    votos: count('Counted votes in these minutes', { examples: [7680] }),
    ritmo_mudou: flag('They came at another rate than in the minutes before'),
    ritmo: orNull(
      Type.Number({
        description: 'How many times as many as the minutes before let expect; null where those had none',
        examples: [8],
      }),
    ),
    precos_mudaram: flag('They were paid for at other prices than in the minutes before'),
    percentual_preco_elevado: Type.Number({ description: 'Percent at the raised price', examples: [5.5] }),
    percentual_preco_maximo: Type.Number({ description: 'Percent at the highest price', examples: [71] }),
  },
  'Minutes in which votes came unlike just before. It may be honest, and no vote is removed by it',
);
export type CurveObservation = Static<typeof CurveObservation>;

export const PeakMinute = named(
  'PeakMinute',
  { minuto: moment('Start of the minute'), total },
  'The minute with the most votes, in the first three days of the poll',
);
export type PeakMinute = Static<typeof PeakMinute>;

export const EarlierMinute = named(
  'EarlierMinute',
  {
    paredao: text('Id of the earlier poll', '1'),
    titulo: text('Its title', 'Quem fica na casa?'),
    minuto: moment('Start of its minute'),
    total,
  },
  'An earlier poll, in the same minute after its opening',
);
export type EarlierMinute = Static<typeof EarlierMinute>;

/** `GET /total` and the frames of `/total/aovivo`. */
export const Total = withVotes(
  'Total',
  {
    paredao: text('Id of the poll', '1'),
    ...REHEARSAL_PROPERTIES,
    titulo: text('Title', 'Quem fica na casa?'),
    finalidade: orNull(finalidade),
    ...DISCLOSURE_PROPERTIES,
    estado: oneOf<PollState>(OPENED_STATES, 'State of the poll'),
    aberto_em: moment('When the poll was opened'),
    ...RUNNING_PROPERTIES,
    ...STANDING_PROPERTIES,
    apuracao: SignOff,
    total,
    votos_ultima_hora: count('Counted votes of the last 60 minutes'),
    votos_por_segundo: Type.Number({ description: 'Votes counted per second, over the last five seconds' }),
    por_participante: listOf(ParticipantTotal, 'In the order of their numbers'),
    por_hora: listOf(HourCounts, 'Every hour that had votes, the oldest first'),
    por_minuto: listOf(MinuteCounts, 'The last 60 minutes that had votes, the oldest first'),
    pico: orNull(PeakMinute),
    mesmo_minuto: listOf(
      EarlierMinute,
      'While the poll is open: what the last polls before it had in the minute that this one had last; up to 3, the newest first',
    ),
    observacoes: listOf(CurveObservation, 'What the curve of the votes shows, the oldest first; up to 100'),
    ...NOT_COUNTED,
    completo: flag('False while an event could not be read'),
    final: flag('The closing cut is in: nothing changes any more'),
    digest: DIGEST,
    revisao: text('Revision of the ballot box up to which votes are counted; -1 before the first', '2342'),
    idade_segundos: seconds("Age of the projector's last sign of life"),
    atraso_projecao_segundos: seconds('How far the counts are behind the log; 0 when caught up'),
  },
  'Everything that is counted of a poll',
);
export type Total = Static<typeof Total>;
