import { type FiringAlert, OBJECTIVES, type VoteQueue } from '#contract';

import type { VotesOfAMinute } from './executions.ts';

/** What this process knows of itself. */
export interface Situation {
  readonly queue: VoteQueue;
  readonly minute: VotesOfAMinute;
  /** undefined where there is no such number */
  readonly lagSeconds: number | undefined;
  readonly quarantined: number | undefined;
  readonly differingAudits: number | undefined;
}

/** An alert by the name that it has in Prometheus, so that both are about the same paragraph. */
export type OwnAlert = Pick<FiringAlert, 'nome' | 'gravidade' | 'resumo' | 'descricao'>;

interface Rule {
  readonly name: string;
  readonly fires: (situation: Situation) => boolean;
  readonly summary: string;
  readonly description: (situation: Situation) => string;
}

/** A share of fewer votes says nothing. */
const ENOUGH_VOTES = 10;

const { voteErrors, voteLatency, projectionLag, standstill, queue: queueLimit, fastBurn } = OBJECTIVES;

const burnsFast = (count: number, all: number, allowed: number): boolean =>
  all >= ENOUGH_VOTES && count / all > fastBurn * allowed;

const format = new Intl.NumberFormat('pt-BR', { maximumFractionDigits: 1 });
const number = (value = 0): string => format.format(value);
const percent = (count: number, all = 1): string => `${number((100 * count) / all)} %`;

const RULES: readonly Rule[] = [
  {
    name: 'VotesStandStill',
    fires: ({ queue }) => queue.parado_segundos >= standstill.seconds,
    summary: 'Chegam votos e nenhum é gravado',
    description: ({ queue: { parado_segundos: stands, votos: waiting, mais_antigo_segundos: oldest } }) =>
      `Nenhum voto gravado há ${number(stands)} s; ${number(waiting)} à espera, o mais antigo há ${number(oldest)} s.`,
  },
  {
    name: 'VoteErrorBudgetBurnsFast',
    fires: ({ minute: { failed, votes } }) => burnsFast(failed, votes, voteErrors.share),
    summary: 'Votos falham',
    description: ({ minute: { failed, votes } }) =>
      `${percent(failed, votes)} dos votos do último minuto falharam; o objetivo é no máximo ${percent(voteErrors.share)}.`,
  },
  {
    name: 'VoteLatencyBudgetBurnsFast',
    fires: ({ minute: { slow, votes, failed } }) => burnsFast(slow, votes - failed, voteLatency.share),
    summary: 'Votos demoram',
    description: ({ minute: { slow, votes, failed } }) =>
      `${percent(slow, votes - failed)} dos votos do último minuto levaram ${number(voteLatency.seconds * 1000)} ms ou mais; ` +
      `o objetivo é no máximo ${percent(voteLatency.share)}.`,
  },
  {
    name: 'VoteQueueNearlyFull',
    fires: ({ queue }) => queue.votos > queueLimit.share * queue.limite,
    summary: 'A fila de votos está quase cheia',
    description: ({ queue }) =>
      `${number(queue.votos)} de ${number(queue.limite)} votos à espera; além disso quem vota recebe 503.`,
  },
  {
    name: 'ProjectionLagBudgetBurnsFast',
    fires: ({ lagSeconds = 0 }) => lagSeconds > projectionLag.seconds,
    summary: 'O resultado está parado',
    description: ({ lagSeconds }) =>
      `A contagem está ${number(lagSeconds)} s atrás do log; o objetivo é no máximo ${number(projectionLag.seconds)} s.`,
  },
  {
    name: 'EventsQuarantined',
    fires: ({ quarantined = 0 }) => quarantined > 0,
    summary: 'Há eventos ilegíveis',
    description: ({ quarantined }) => `${number(quarantined)} em quarentena: guardados, não contados.`,
  },
  {
    name: 'ClosingAuditDiffers',
    fires: ({ differingAudits = 0 }) => differingAudits > 0,
    summary: 'Um resultado não confere com o log',
    description: ({ differingAudits }) => `Paredões: ${number(differingAudits)}. Não anunciar antes de alguém olhar.`,
  },
];

/**
 * The alerts that a process can tell of itself within a second: Prometheus measures longer, and over all instances.
 * Shares are those of the last minute.
 */
export const ownAlerts = (situation: Situation): OwnAlert[] =>
  RULES.filter(({ fires }) => fires(situation)).map(({ name, summary, description }) => ({
    nome: name,
    gravidade: 'critical',
    resumo: summary,
    descricao: description(situation),
  }));
