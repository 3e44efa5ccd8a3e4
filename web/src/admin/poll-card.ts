import type { AdminApi } from './admin-api.ts';
import type { Confirmation, Question } from './confirm.ts';
import { byId, setPhoto, setText, within } from '../shared/dom.ts';
import type { ApiFailure } from '../shared/failure.ts';
import { attempt, say } from './feedback.ts';
import { fromWall, future, moment, toWall, votes } from '../shared/format.ts';
import { createPhotoField, type PhotoField } from './photo-field.ts';
import { showState } from '../shared/state-badge.ts';
import type { Poll, PollSummary } from '../shared/api-types.ts';

/** What the cards of the page share. */
export interface PollActions {
  readonly api: () => AdminApi;
  readonly confirmation: Confirmation;
  /** A command changed something. */
  readonly changed: () => void;
  /** The poll was closed from here. */
  readonly closed: (id: string) => void;
  readonly denied: (failure: ApiFailure) => void;
}

const opening = ({ titulo }: Poll): Question => ({
  title: 'Abrir agora?',
  text: `A votação de “${titulo}” começa assim que você confirmar.`,
  yes: 'Abrir a votação',
});

const closing = ({ titulo }: Poll): Question => ({
  title: 'Encerrar a votação?',
  text: `“${titulo}” deixa de receber votos. Isto não pode ser desfeito.`,
  yes: 'Encerrar a votação',
});

const discarding = ({ titulo }: Poll): Question => ({
  title: 'Descartar o rascunho?',
  text: `“${titulo}” sai da lista e não abre mais. Isto não pode ser desfeito.`,
  yes: 'Descartar',
});

/** What the line under the title says. */
function whenText(poll: PollSummary): string {
  const now = new Date().toISOString();
  const end = poll.encerraEm === null ? '' : ` Encerra ${future(poll.encerraEm, now)}.`;
  if (poll.abertoEm !== null) return `Aberto em ${moment(poll.abertoEm)}, ${votes(poll.total)}.${end}`;
  return poll.abreEm === null ? `Não abre sozinho.${end}` : `Abre ${future(poll.abreEm, now)}.${end}`;
}

/** Shows a value from the server unless somebody is typing over it. */
function offer(input: HTMLInputElement, value: string): void {
  if (input.value === (input.dataset['shown'] ?? '')) input.value = value;
  input.dataset['shown'] = value;
}

const wall = (iso: string | null): string => (iso === null ? '' : toWall(iso));
const instant = ({ value }: HTMLInputElement): string | null => (value === '' ? null : fromWall(value));

/** A poll that can still be changed, with all that an administrator may do to it. */
export class PollCard {
  readonly root: HTMLElement;
  readonly #actions: PollActions;
  readonly #line: HTMLElement;
  readonly #act: HTMLButtonElement;
  readonly #title: HTMLInputElement;
  readonly #opens: HTMLInputElement;
  readonly #closes: HTMLInputElement;
  readonly #photos = new Map<number, PhotoField>();
  #poll: PollSummary;

  constructor(poll: PollSummary, actions: PollActions) {
    this.#actions = actions;
    this.#poll = poll;
    const copy = byId('modelo-paredao', HTMLTemplateElement).content.cloneNode(true) as DocumentFragment;
    this.root = within(copy, 'article', HTMLElement);
    this.#line = within(this.root, '.feedback', HTMLElement);
    this.#act = within(this.root, '.poll-act', HTMLButtonElement);
    this.#title = within(this.root, '[name="titulo"]', HTMLInputElement);
    this.#opens = within(this.root, '[name="abre"]', HTMLInputElement);
    this.#closes = within(this.root, '[name="encerra"]', HTMLInputElement);
    this.#wire();
    this.update(poll);
  }

  /** Shows the poll as it is now. */
  update(poll: PollSummary): void {
    this.#poll = poll;
    const isOpen = poll.estado === 'aberto';
    setText(within(this.root, 'h3', HTMLElement), `Nº ${poll.id}: ${poll.titulo}`);
    showState(within(this.root, '.state-badge', HTMLElement), poll.estado);
    setText(within(this.root, '.poll-when', HTMLElement), whenText(poll));
    for (const { numero, nome, foto } of poll.participantes) {
      const art = within(this.root, `.poll-person[data-slot="${numero}"] img`, HTMLImageElement);
      if (!this.#photos.get(numero)?.chosen()) setPhoto(art, foto);
      offer(within(this.root, `.poll-person[data-slot="${numero}"] input[name="nome"]`, HTMLInputElement), nome);
    }
    for (const part of this.root.querySelectorAll<HTMLElement>('[data-rascunho]')) part.hidden = isOpen;
    for (const reason of this.root.querySelectorAll<HTMLElement>('.reason')) reason.hidden = !isOpen;
    offer(this.#title, poll.titulo);
    offer(this.#opens, wall(poll.abreEm));
    offer(this.#closes, wall(poll.encerraEm));
    setText(this.#act, isOpen ? 'Encerrar a votação' : 'Abrir agora');
  }

  #wire(): void {
    for (const form of this.root.querySelectorAll<HTMLFormElement>('.poll-person')) {
      const name = within(form, '[name="nome"]', HTMLInputElement);
      const number = Number(form.dataset['slot']);
      const reason = within(form, '[name="motivo"]', HTMLInputElement);
      this.#onSubmit(form, 'Nome guardado.', async (api, id) => {
        const isOpen = this.#poll.estado === 'aberto';
        const poll = await api.rename(id, number, name.value, isOpen ? reason.value : undefined);
        reason.value = '';
        return poll;
      });
      this.#wirePhoto(form, number);
    }
    this.#onSubmit(within(this.root, '.poll-title', HTMLFormElement), 'Título guardado.', (api, id) =>
      api.retitle(id, this.#title.value),
    );
    this.#onSubmit(within(this.root, '.poll-schedule', HTMLFormElement), 'Agenda guardada.', (api, id) =>
      api.schedule(id, this.#poll.estado === 'aberto' ? null : instant(this.#opens), instant(this.#closes)),
    );
    this.#act.addEventListener('click', () => this.#askToAct());
    within(this.root, '.poll-discard', HTMLButtonElement).addEventListener('click', () =>
      this.#ask(discarding(this.#poll), (api, id) => api.discard(id)),
    );
  }

  #wirePhoto(form: HTMLFormElement, number: number): void {
    const field = createPhotoField(form, (why) => say(this.#line, 'bad', why));
    this.#photos.set(number, field);
    const save = within(form, '.photo-save', HTMLButtonElement);
    save.addEventListener('click', () => {
      const photo = field.chosen();
      if (!photo) return;
      const task = async (api: AdminApi, id: string): Promise<Poll> => {
        const poll = await api.uploadPhoto(id, number, photo);
        field.clear();
        within(form, '[name="foto"]', HTMLInputElement).focus();
        return poll;
      };
      void this.#send(save, 'Foto guardada.', task);
    });
  }

  #onSubmit(form: HTMLFormElement, done: string, task: (api: AdminApi, id: string) => Promise<Poll>): void {
    const button = within(form, 'button', HTMLElement);
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      void this.#send(button, done, task);
    });
  }

  async #send(button: HTMLElement, done: string, task: (api: AdminApi, id: string) => Promise<Poll>): Promise<void> {
    const { denied, api } = this.#actions;
    const poll = await attempt({ line: this.#line, button, denied }, done, () => task(api(), this.#poll.id));
    if (poll) this.#actions.changed();
  }

  #askToAct(): void {
    if (this.#poll.estado !== 'aberto') return this.#ask(opening(this.#poll), (api, id) => api.open(id));
    this.#ask(closing(this.#poll), async (api, id) => {
      await api.close(id);
      this.#actions.closed(id);
    });
  }

  #ask(question: Question, task: (api: AdminApi, id: string) => Promise<unknown>): void {
    const { id } = this.#poll;
    this.#actions.confirmation.ask(question, async () => {
      await task(this.#actions.api(), id);
      this.#actions.changed();
    });
  }
}
