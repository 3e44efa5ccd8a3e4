import { Injectable } from '@nestjs/common';
import { PinoLogger } from 'nestjs-pino';

import type { FiringAlert, Operations } from '#contract';
import { isoTime } from '#domain';
import { Environment } from '#platform';

const PATH = 'api/v2/alerts?active=true&silenced=false&inhibited=false';
/** It is asked so often, while somebody looks, and may take so long, ms. */
const INTERVAL_MS = 5000;
const TIMEOUT_MS = 2000;
/** More alerts, or longer texts, help nobody. */
const MAX_ALERTS = 50;
const MAX_LETTERS = 500;

type Alert = Omit<FiringAlert, 'roteiro' | 'origem'>;

/** The alerts that fire at Alertmanager. It is asked in the background: a page never waits for it. */
@Injectable()
export class Alertmanager {
  private readonly address: URL | undefined;
  private readonly authorization: Readonly<Record<string, string>>;
  private alerts: readonly Alert[] = [];
  private answers = true;
  private askedAt = -Infinity;

  constructor(
    { alertmanagerUrl }: Environment,
    private readonly logger: PinoLogger,
  ) {
    logger.setContext('sre');
    const base = alertmanagerUrl === undefined ? undefined : new URL(alertmanagerUrl.replace(/\/?$/, '/'));
    this.authorization = basicOf(base);
    if (base !== undefined) Object.assign(base, { username: '', password: '' });
    this.address = base && new URL(PATH, base);
  }

  get state(): Operations['alertmanager'] {
    if (this.address === undefined) return 'ausente';
    return this.answers ? 'responde' : 'calado';
  }

  /** What it said last; it is asked again when that is some seconds ago. */
  firing(): readonly Alert[] {
    const { address } = this;
    if (address !== undefined && performance.now() - this.askedAt >= INTERVAL_MS) {
      this.askedAt = performance.now();
      void this.ask(address);
    }
    return this.answers ? this.alerts : [];
  }

  private async ask(address: URL): Promise<void> {
    try {
      const response = await fetch(address, { headers: this.authorization, signal: AbortSignal.timeout(TIMEOUT_MS) });
      if (!response.ok) throw new Error(`HTTP ${String(response.status)}`);
      this.alerts = alertsOf(await response.json());
      this.answers = true;
    } catch (err) {
      if (this.answers) this.logger.warn({ err }, 'Alertmanager does not answer');
      this.answers = false;
    }
  }
}

/** A request may have no password in its address. */
function basicOf(address: URL | undefined): Record<string, string> {
  if (address === undefined || address.username === '') return {};
  const login = `${decodeURIComponent(address.username)}:${decodeURIComponent(address.password)}`;
  return { authorization: `Basic ${Buffer.from(login).toString('base64')}` };
}

interface Raw {
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly startsAt?: string;
}

/** @throws Error when that is no list of alerts */
function alertsOf(json: unknown): Alert[] {
  if (!Array.isArray(json)) throw new Error('no list of alerts');
  return (json as Raw[]).slice(0, MAX_ALERTS).map(({ labels = {}, annotations = {}, startsAt = '' }) => ({
    nome: cut(labels['alertname']),
    gravidade: labels['severity'] === 'critical' ? 'critical' : 'warning',
    desde_em: isoTime(Date.parse(startsAt) || 0),
    resumo: cut(annotations['summary']),
    descricao: cut(annotations['description']),
  }));
}

const cut = (text: unknown): string => (typeof text === 'string' ? text.slice(0, MAX_LETTERS) : '');
