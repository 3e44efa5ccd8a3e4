import { Injectable } from '@nestjs/common';

import type { FiringAlert } from '#contract';
import { isoTime } from '#domain';

import { Alertmanager } from './alertmanager.ts';
import { type Situation, ownAlerts } from './own-alerts.ts';
import { type Runbook, loadRunbooks } from './runbooks.ts';

/** What fires now: this process of itself at once, Alertmanager of everything later. Each with its paragraph. */
@Injectable()
export class Alerts {
  private readonly runbooks = loadRunbooks();
  /** Alert of this process → when it began, ms since the epoch. */
  private readonly since = new Map<string, number>();

  constructor(private readonly alertmanager: Alertmanager) {}

  get state(): Alertmanager['state'] {
    return this.alertmanager.state;
  }

  firing(situation: Situation): FiringAlert[] {
    const own = ownAlerts(situation);
    const names = new Set(own.map(({ nome }) => nome));
    for (const name of this.since.keys()) if (!names.has(name)) this.since.delete(name);
    for (const name of names) if (!this.since.has(name)) this.since.set(name, Date.now());
    const alerts = [
      ...own.map((alert) => ({
        ...alert,
        origem: 'processo' as const,
        desde_em: isoTime(this.since.get(alert.nome)!),
      })),
      ...this.alertmanager.firing().map((alert) => ({ ...alert, origem: 'alertmanager' as const })),
    ];
    return alerts
      .map((alert) => ({ ...alert, roteiro: paragraph(this.runbooks.get(alert.nome)) }))
      .sort((one, other) => rank(one) - rank(other));
  }
}

const rank = ({ gravidade }: FiringAlert): number => (gravidade === 'critical' ? 0 : 1);

function paragraph(runbook: Partial<Runbook> | undefined): FiringAlert['roteiro'] {
  if (runbook === undefined) return null;
  const { means = '', public: seen = '', toDo = '', over = '' } = runbook;
  return { significa: means, publico: seen, fazer: toDo, acaba: over };
}
