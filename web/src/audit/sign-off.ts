import { auditClosed, signCheck } from './audit-api.ts';
import { outcome, showChecks } from './audit-view.ts';
import { byId, setText, whileBusy } from '../shared/dom.ts';
import { duration, votes } from '../shared/format.ts';
import type { AuditState, CheckReport } from '#contract';

/** What the section needs of its page. */
export interface SignOffPage {
  readonly session: () => { readonly token: string; readonly signal: AbortSignal };
  /** Id of the poll that is chosen. */
  readonly poll: () => string;
  /** Something was signed. */
  readonly signed: () => void;
  /** What a person can do about a failure. */
  readonly explain: (error: unknown) => string;
}

const STANDINGS: Readonly<Record<string, string>> = {
  aberto: 'A votação está aberta. Confere-se depois do encerramento.',
  encerrado: 'Encerrado. Ninguém assinou a conferência ainda.',
  conferido: 'Conferido: a conferência está assinada.',
  proclamado: 'O resultado já foi proclamado. A conferência ainda pode ser assinada.',
  anulado: 'Este paredão foi anulado: não há o que assinar.',
};

/** "Conferir e assinar": the whole audit of a closed poll, and the signature of the auditor who asked for it. */
export class SignOffSection {
  readonly #page: SignOffPage;
  readonly #button = byId('assinar', HTMLButtonElement);
  readonly #note = byId('assinatura-aviso', HTMLElement);
  readonly #progress = byId('assinatura-progresso', HTMLProgressElement);
  readonly #list = byId('assinatura-verificacoes', HTMLElement);
  #state: AuditState | undefined;
  #isBusy = false;

  constructor(page: SignOffPage) {
    this.#page = page;
    this.#button.addEventListener('click', () => void whileBusy(this.#button, () => this.#run()));
  }

  /** Only to who may sign. */
  offer(maySign: boolean): void {
    byId('assinatura', HTMLElement).hidden = !maySign;
  }

  show(state: AuditState): void {
    this.#state = state;
    // what was found stays to be read
    if (!this.#isBusy && this.#list.childElementCount === 0) this.#stand();
  }

  /** Another poll was chosen. What is checked meanwhile says of which poll it is. */
  choose(): void {
    this.#button.disabled = !this.#mayCheck;
    if (this.#isBusy) return;
    this.#list.replaceChildren();
    this.#stand();
  }

  get #poll(): AuditState['paredoes'][number] | undefined {
    return this.#state?.paredoes.find(({ paredao }) => paredao === this.#page.poll());
  }

  get #mayCheck(): boolean {
    const { final, estado } = this.#poll ?? {};
    return final === true && (estado === 'encerrado' || estado === 'proclamado');
  }

  #tell(text: string, outcome?: 'confere' | 'difere'): void {
    setText(this.#note, text);
    if (outcome === undefined) delete this.#note.dataset['resultado'];
    else this.#note.dataset['resultado'] = outcome;
  }

  #stand(): void {
    this.#button.disabled = !this.#mayCheck;
    const standing = STANDINGS[this.#poll?.estado ?? ''] ?? 'Nada a conferir neste paredão.';
    const estimate = duration(this.#state?.auditoria.duracao_segundos ?? 0);
    this.#tell(this.#mayCheck ? `${standing} Dura cerca de ${estimate}.` : standing);
  }

  async #run(): Promise<void> {
    const poll = this.#page.poll();
    this.#isBusy = true;
    this.#list.replaceChildren();
    this.#progress.hidden = false;
    this.#tell(`Conferindo a urna inteira do paredão ${poll}…`);
    try {
      const onProgress = (fraction: number) => (this.#progress.value = fraction);
      const check = await auditClosed(this.#page.session(), poll, onProgress);
      await signCheck(this.#page.session().token, check);
      this.#tellOutcome(poll, check);
      this.#page.signed();
    } catch (error) {
      this.#tell(`Paredão ${poll}: ${this.#page.explain(error)}`);
    } finally {
      this.#isBusy = false;
      this.#progress.hidden = true;
      this.#progress.removeAttribute('value');
    }
  }

  #tellOutcome(poll: string, check: CheckReport): void {
    const { confere, votos, compromisso, verificacoes, duracao_segundos } = check;
    showChecks(this.#list, verificacoes);
    const took = `paredão ${poll}, ${votes(votos)} em ${duration(duracao_segundos)}`;
    if (confere) this.#tell(`${outcome(check)}, e está assinado: ${took}. Compromisso ${compromisso}`, 'confere');
    else this.#tell(`Não confere: ${took}. Nada foi assinado, e a produção foi avisada.`, 'difere');
  }
}
