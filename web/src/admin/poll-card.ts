import type { AdminApi } from './admin-api.ts';
import type { Confirmation, Question } from './confirm.ts';
import { markSaved, readDescription, requirePurpose, showDescription } from './description.ts';
import { byId, setText, within } from '../shared/dom.ts';
import { keepPeople } from '../shared/people.ts';
import type { ApiFailure } from '../shared/failure.ts';
import { attempt, offer, say } from './feedback.ts';
import { clock, fromWall, future, moment, remaining, toWall, votes } from '../shared/format.ts';
import { makePersonForm, showPerson } from './person-field.ts';
import { MAX_PARTICIPANTS, MIN_PARTICIPANTS } from '../../../libs/domain/wire/participants.ts';
import { closing, discarding, opening } from './questions.ts';
import { createRehearsalLink } from './rehearsal-link.ts';
import { serverClock } from '../shared/server-clock.ts';
import { showState, shownState } from '../shared/state-badge.ts';
import type { Poll, PollSummary } from '#contract';

/** What the cards of the page share. */
export interface PollActions {
  readonly api: () => AdminApi;
  readonly confirmation: Confirmation;
  /** A command changed something. */
  readonly changed: () => void;
  /** Asks first. */
  readonly annul: (poll: PollSummary) => void;
  /** The poll was closed from here. */
  readonly closed: (id: string) => void;
  readonly denied: (failure: ApiFailure) => void;
}

/** What the line under the title says. */
function whenText(poll: PollSummary): string {
  const now = new Date(serverClock.now()).toISOString();
  const end = poll.encerra_em === null ? '' : ` Encerra ${future(poll.encerra_em, now)}.`;
  if (poll.aberto_em !== null) return `Aberto em ${moment(poll.aberto_em)}, ${votes(poll.total)}.${end}`;
  return poll.abre_em === null ? `Não abre sozinho.${end}` : `Abre ${future(poll.abre_em, now)}.${end}`;
}

/** What is left of an open poll, and whether it is paused. */
function leftText({ encerra_em, pausado_em }: PollSummary): string {
  const left = encerra_em === null ? 0 : serverClock.until(encerra_em);
  const parts = [
    pausado_em === null ? '' : `Pausado desde ${clock(pausado_em)}`,
    left > 0 ? `Faltam ${remaining(Math.ceil(left / 1_000))}` : '',
  ];
  return parts.filter((part) => part !== '').join(' · ');
}

const wall = (iso: string | null): string => (iso === null ? '' : toWall(iso));
const instant = ({ value }: HTMLInputElement): string | null => (value === '' ? null : fromWall(value));

/** A poll that can still be changed, with all that an administrator may do to it. */
export class PollCard {
  readonly root: HTMLElement;
  readonly #actions: PollActions;
  readonly #line: HTMLElement;
  readonly #act: HTMLButtonElement;
  readonly #description: HTMLFormElement;
  readonly #opens: HTMLInputElement;
  readonly #closes: HTMLInputElement;
  readonly #people: HTMLElement;
  readonly #newName: HTMLInputElement;
  readonly #showLink: (poll: PollSummary) => void;
  #poll: PollSummary;

  constructor(poll: PollSummary, actions: PollActions) {
    this.#actions = actions;
    this.#poll = poll;
    const copy = byId('modelo-paredao', HTMLTemplateElement).content.cloneNode(true) as DocumentFragment;
    this.root = within(copy, 'article', HTMLElement);
    this.#line = within(this.root, '.feedback', HTMLElement);
    this.#act = within(this.root, '.poll-act', HTMLButtonElement);
    this.#description = within(this.root, '.poll-title', HTMLFormElement);
    this.#people = within(this.root, '.poll-people', HTMLElement);
    this.#newName = within(this.root, '.poll-add [name="nome"]', HTMLInputElement);
    this.#opens = within(this.root, '[name="abre"]', HTMLInputElement);
    this.#closes = within(this.root, '[name="encerra"]', HTMLInputElement);
    this.#showLink = createRehearsalLink(this.root);
    this.#wire();
    this.update(poll);
  }

  /** Every second: the countdown to the end. */
  tick(): void {
    const isOpen = this.#poll.estado === 'aberto';
    setText(within(this.root, '.poll-left', HTMLElement), isOpen ? leftText(this.#poll) : '');
  }

  /** Shows the poll as it is now. */
  update(poll: PollSummary): void {
    serverClock.hear(poll.atualizado_em);
    this.#poll = poll;
    const isOpen = poll.estado === 'aberto';
    setText(within(this.root, 'h3', HTMLElement), `Nº ${poll.id}: ${poll.titulo}`);
    showState(within(this.root, '.state-badge', HTMLElement), shownState(poll));
    this.#showLink(poll);
    setText(within(this.root, '.poll-when', HTMLElement), whenText(poll));
    this.#showPeople(poll, isOpen);
    for (const part of this.root.querySelectorAll<HTMLElement>('[data-rascunho]')) part.hidden = isOpen;
    for (const part of this.root.querySelectorAll<HTMLElement>('[data-aberto]')) part.hidden = !isOpen;
    for (const button of this.#longer()) button.hidden = poll.encerra_em === null;
    setText(within(this.root, '.poll-pause', HTMLElement), poll.pausado_em === null ? 'Pausar' : 'Retomar');
    this.tick();
    within(this.root, '.poll-add', HTMLElement).hidden = isOpen || poll.participantes.length >= MAX_PARTICIPANTS;
    showDescription(this.#description, poll);
    offer(this.#opens, wall(poll.abre_em));
    offer(this.#closes, wall(poll.encerra_em));
    setText(this.#act, isOpen ? 'Encerrar a votação' : 'Abrir agora');
  }

  #wire(): void {
    this.#onSubmit(within(this.root, '.poll-add', HTMLFormElement), 'Participante incluído.', async (api, id) => {
      const poll = await api.addParticipant(id, this.#newName.value);
      this.#newName.value = '';
      return poll;
    });
    this.#onSubmit(this.#description, 'Descrição guardada.', async (api, id) => {
      const description = readDescription(this.#description);
      const poll = await api.describe(id, description);
      markSaved(this.#description);
      this.#poll = { ...this.#poll, regulamento: description.regulamento };
      return poll;
    });
    this.#onSubmit(within(this.root, '.poll-schedule', HTMLFormElement), 'Agenda guardada.', (api, id) =>
      api.schedule(id, this.#poll.estado === 'aberto' ? null : instant(this.#opens), this.#end()),
    );
    const pause = within(this.root, '.poll-pause', HTMLButtonElement);
    pause.addEventListener('click', () => {
      const isPaused = this.#poll.pausado_em !== null;
      const done = isPaused ? 'A votação voltou.' : 'Votação pausada.';
      void this.#send(pause, done, (api, id) => (isPaused ? api.resume(id) : api.pause(id)));
    });
    for (const button of this.#longer()) button.addEventListener('click', () => this.#extend(button));
    this.#act.addEventListener('click', () => this.#askToAct());
    within(this.root, '.poll-annul', HTMLButtonElement).addEventListener('click', () =>
      this.#actions.annul(this.#poll),
    );
    within(this.root, '.poll-discard', HTMLButtonElement).addEventListener('click', () =>
      this.#ask(discarding(this.#poll), (api, id) => api.discard(id)),
    );
  }

  #longer(): NodeListOf<HTMLButtonElement> {
    return this.root.querySelectorAll<HTMLButtonElement>('.poll-longer');
  }

  /** Counted from the end that is shown: whoever presses sees which one comes of it, and one that is sent twice moves it once. */
  #extend(button: HTMLButtonElement): void {
    const end = Date.parse(this.#poll.encerra_em ?? '') + Number(button.value) * 1_000;
    const closes = new Date(end).toISOString();
    void this.#send(button, `Encerra às ${clock(closes)}.`, (api, id) => api.schedule(id, null, closes));
  }

  /** The end as the form has it. The field shows no seconds: left as it is, it keeps those that the end has. */
  #end(): string | null {
    const { encerra_em } = this.#poll;
    return this.#closes.value === wall(encerra_em) ? encerra_em : instant(this.#closes);
  }

  #showPeople({ participantes }: PollSummary, isOpen: boolean): void {
    const forms = keepPeople(this.#people, participantes.length, (number) => this.#makePerson(number));
    for (const [index, form] of forms.entries()) {
      showPerson(form, participantes[index]!);
      within(form, '.reason', HTMLElement).hidden = !isOpen;
      within(form, '.person-remove', HTMLElement).hidden = isOpen || participantes.length <= MIN_PARTICIPANTS;
    }
  }

  #makePerson(number: number): HTMLFormElement {
    return makePersonForm(number, {
      rename: (form, numero, name, reason) =>
        this.#send(within(form, 'button', HTMLElement), 'Nome guardado.', (api, id) =>
          api.rename(id, numero, name, this.#poll.estado === 'aberto' ? reason : undefined),
        ),
      savePhoto: (button, numero, photo) =>
        this.#send(button, 'Foto guardada.', (api, id) => api.uploadPhoto(id, numero, photo)),
      remove: (button, numero) =>
        void this.#send(button, 'Participante retirado.', (api, id) => api.removeParticipant(id, numero)),
      failed: (why) => say(this.#line, 'bad', why),
    });
  }

  #onSubmit(form: HTMLFormElement, done: string, task: (api: AdminApi, id: string) => Promise<Poll>): void {
    const button = within(form, 'button', HTMLElement);
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      void this.#send(button, done, task);
    });
  }

  async #send(button: HTMLElement, done: string, task: (api: AdminApi, id: string) => Promise<Poll>): Promise<boolean> {
    const { denied, api } = this.#actions;
    const poll = await attempt({ line: this.#line, button, denied }, done, () => task(api(), this.#poll.id));
    if (poll) {
      this.update({ ...this.#poll, ...poll });
      this.#actions.changed();
    }
    return poll !== undefined;
  }

  #askToAct(): void {
    if (this.#poll.estado !== 'aberto') return this.#askToOpen();
    this.#ask(closing(this.#poll), async (api, id) => {
      await api.close(id);
      this.#actions.closed(id);
    });
  }

  /** Only what is saved goes on air, and nobody opens a vote that does not say what it is for. */
  #askToOpen(): void {
    if (!requirePurpose(this.#description)) return say(this.#line, 'bad', 'Escolha antes para que se vota.');
    const changes = readDescription(this.#description);
    const { titulo, finalidade, divulgacao, regulamento } = this.#poll;
    const isSaved =
      changes.titulo === titulo &&
      changes.finalidade === finalidade &&
      changes.divulgacao === divulgacao &&
      changes.regulamento === (regulamento ?? '');
    if (!isSaved) return say(this.#line, 'bad', 'Há mudanças que não foram salvas. Salve antes de abrir.');
    this.#ask(opening(this.#poll), (api, id) => api.open(id));
  }

  #ask(question: Question, task: (api: AdminApi, id: string) => Promise<unknown>): void {
    const { id } = this.#poll;
    this.#actions.confirmation.ask(question, async () => {
      await task(this.#actions.api(), id);
      this.#actions.changed();
    });
  }
}
