import { failureText } from './feedback.ts';
import { POLICY_NAMES } from './policy.ts';
import { byId, element, setText, whileBusy } from '../shared/dom.ts';
import { ApiFailure, asFailure } from '../shared/failure.ts';
import { future } from '../shared/format.ts';
import { described } from '../../../libs/wording/purpose.ts';
import { showPortrait } from '../shared/portrait.ts';
import { serverClock } from '../shared/server-clock.ts';
import { sleep } from '../shared/timing.ts';
import type { PollSummary } from '#contract';

/** How long a change may take until the list has it, in milliseconds, and between two looks. */
const PATIENCE = 5_000;
const LOOK_AGAIN = 150;

const ON_AIR = 'Isto vai ao ar assim que você confirmar:';
const REHEARSAL = 'É um ensaio: abre só no seu link, e os votos não contam.';

/** What the dialog asks of the service. */
export interface OpeningRequests {
  polls(): Promise<readonly PollSummary[]>;
  open(id: string, versao: string): Promise<unknown>;
  opened(): void;
}

/** The dialog `#abertura`: exactly what will be on air, as the service has it. Another draft than this one is not opened. */
export class OpeningDialog {
  readonly #dialog = byId('abertura', HTMLDialogElement);
  readonly #title = byId('abertura-titulo', HTMLElement);
  readonly #hint = byId('abertura-dica', HTMLElement);
  readonly #facts = byId('abertura-fatos', HTMLElement);
  readonly #people = byId('abertura-pessoas', HTMLElement);
  readonly #line = byId('abertura-aviso', HTMLElement);
  readonly #yes = byId('abertura-sim', HTMLButtonElement);
  readonly #requests: OpeningRequests;
  #poll: PollSummary | undefined;

  constructor(requests: OpeningRequests) {
    this.#requests = requests;
    byId('abertura-nao', HTMLButtonElement).addEventListener('click', () => this.#dialog.close());
    this.#yes.addEventListener('click', () => void whileBusy(this.#yes, () => this.#open()));
  }

  /**
   * Shows a draft, and opens it when that is confirmed.
   * @param versao that the service has answered to the last change; it is waited for
   * @throws ApiFailure when the draft cannot be read
   */
  async ask(id: string, versao?: string): Promise<void> {
    this.#show(await this.#read(id, (poll) => versao === undefined || poll.versao === versao));
    setText(this.#line, '');
    if (!this.#dialog.open) this.#dialog.showModal();
  }

  /** What is there after the wait is shown: somebody else may have gone on. */
  async #read(id: string, isAwaited: (poll: PollSummary) => boolean): Promise<PollSummary> {
    const end = performance.now() + PATIENCE;
    for (;;) {
      const poll = (await this.#requests.polls()).find((one) => one.id === id);
      if (poll && (isAwaited(poll) || performance.now() > end)) return poll;
      if (performance.now() > end) throw new ApiFailure({ kind: 'refused', title: 'Este rascunho não está mais lá.' });
      await sleep(LOOK_AGAIN);
    }
  }

  #show(poll: PollSummary): void {
    this.#poll = poll;
    const now = new Date(serverClock.now()).toISOString();
    const facts = [
      ['Título', poll.titulo],
      ['Para quê', described(poll.finalidade) || 'Sem finalidade'],
      ['Encerra', poll.encerra_em === null ? 'quando alguém encerrar' : `${future(poll.encerra_em, now)} de Brasília`],
      ['Parcial', POLICY_NAMES[poll.divulgacao]],
      ['Regulamento', poll.regulamento ?? 'sem regulamento'],
    ] as const;
    setText(this.#title, poll.ensaio ? 'Abrir o ensaio?' : 'Abrir agora?');
    setText(this.#yes, poll.ensaio ? 'Abrir o ensaio' : 'Abrir a votação');
    setText(this.#hint, poll.ensaio ? REHEARSAL : ON_AIR);
    this.#facts.replaceChildren(...facts.flatMap(([name, value]) => [element('dt', name), element('dd', value)]));
    this.#people.replaceChildren(
      ...poll.participantes.map((one) => {
        const image = element('img', '', 'person-art');
        Object.assign(image, { alt: '', sizes: '5rem', width: 400, height: 480 });
        showPortrait(image, one);
        const item = element('li', [
          image,
          element('span', String(one.numero), 'chip'),
          element('span', one.nome, 'name'),
        ]);
        item.dataset['number'] = String(one.numero);
        return item;
      }),
    );
  }

  async #open(): Promise<void> {
    if (!this.#poll) return;
    const { id, versao } = this.#poll;
    setText(this.#line, '');
    try {
      await this.#requests.open(id, versao);
      this.#dialog.close();
      this.#requests.opened();
    } catch (error) {
      const failure = asFailure(error);
      setText(this.#line, failure.code === 'poll-changed' ? await this.#again(id, versao) : failureText(failure));
    }
  }

  /** Somebody has changed the draft since the dialog came: it shows what it is now, and asks again. */
  async #again(id: string, before: string): Promise<string> {
    try {
      this.#show(await this.#read(id, ({ versao }) => versao !== before));
      return 'O rascunho mudou enquanto esta janela estava aberta. Agora é isto: confira de novo.';
    } catch (error) {
      return failureText(asFailure(error));
    }
  }
}
