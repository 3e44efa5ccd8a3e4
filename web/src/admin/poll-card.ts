import type { AdminApi } from './admin-api.ts';
import type { Question } from './confirm.ts';
import { differences } from './draft-values.ts';
import { attempt, offer, say } from './feedback.ts';
import { makePersonForm, showPerson } from './person-field.ts';
import { type Card, type PollActions, inWords } from './poll-actions.ts';
import { leftText, showHead } from './poll-head.ts';
import { closing, removingPhoto } from './questions.ts';
import { createRehearsalLink } from './rehearsal-link.ts';
import { byId, setText, within } from '../shared/dom.ts';
import { clock, fromWall, toWall } from '../shared/format.ts';
import { keepPeople } from '../shared/people.ts';
import type { Poll, PollSummary } from '#contract';

const wall = (iso: string | null): string => (iso === null ? '' : toWall(iso));

/** A poll that is open, with all that an administrator may do to it. */
export class PollCard implements Card {
  readonly root: HTMLElement;
  readonly #actions: PollActions;
  readonly #line: HTMLElement;
  readonly #closes: HTMLInputElement;
  readonly #people: HTMLElement;
  /** What is not saved here is a word or two. */
  readonly isAtRisk = false;
  readonly #showLink: (poll: PollSummary) => void;
  #poll: PollSummary;

  constructor(poll: PollSummary, actions: PollActions) {
    this.#actions = actions;
    this.#poll = poll;
    const copy = byId('modelo-paredao', HTMLTemplateElement).content.cloneNode(true) as DocumentFragment;
    this.root = within(copy, 'article', HTMLElement);
    this.#line = within(this.root, '.feedback', HTMLElement);
    this.#people = within(this.root, '.poll-people', HTMLElement);
    this.#closes = within(this.root, '[name="encerra"]', HTMLInputElement);
    this.#tellLeftBehind(poll.id);
    this.#showLink = createRehearsalLink(this.root);
    this.#wire();
    this.update(poll);
  }

  /** Every second: the countdown to the end. */
  tick(): void {
    setText(within(this.root, '.poll-left', HTMLElement), leftText(this.#poll));
  }

  update(poll: PollSummary): void {
    this.#poll = poll;
    showHead(this.root, poll);
    this.#showLink(poll);
    this.#showPeople(poll);
    for (const button of this.#longer()) button.hidden = poll.encerra_em === null;
    setText(within(this.root, '.poll-pause', HTMLElement), poll.pausado_em === null ? 'Pausar' : 'Retomar');
    this.tick();
    offer(this.#closes, wall(poll.encerra_em));
  }

  /** It opened by itself, or from another desk, while something was not saved here. */
  #tellLeftBehind(id: string): void {
    const kept = this.#actions.kept().of(id);
    const changes = kept ? differences(kept.base, kept.mine) : [];
    const said = `Abriu sem o que não estava salvo aqui: ${new Intl.ListFormat('pt-BR').format(changes)}.`;
    setText(within(this.root, '.left-behind', HTMLElement), changes.length === 0 ? '' : said);
  }

  #wire(): void {
    const schedule = within(this.root, '.poll-schedule', HTMLFormElement);
    schedule.addEventListener('submit', (event) => {
      event.preventDefault();
      const button = within(schedule, 'button', HTMLElement);
      void this.#send(button, 'Agenda guardada.', (api, id) => api.schedule(id, null, this.#end()));
    });
    const pause = within(this.root, '.poll-pause', HTMLButtonElement);
    pause.addEventListener('click', () => {
      const isPaused = this.#poll.pausado_em !== null;
      const done = isPaused ? 'A votação voltou.' : 'Votação pausada.';
      void this.#send(pause, done, (api, id) => (isPaused ? api.resume(id) : api.pause(id)));
    });
    for (const button of this.#longer()) button.addEventListener('click', () => this.#extend(button));
    within(this.root, '.poll-annul', HTMLButtonElement).addEventListener('click', () =>
      this.#actions.annul(this.#poll),
    );
    within(this.root, '.poll-act', HTMLButtonElement).addEventListener('click', () =>
      this.#ask(closing(this.#poll), async (api, id) => {
        await api.close(id);
        this.#actions.closed(id);
      }),
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
    const { value } = this.#closes;
    if (value === wall(encerra_em)) return encerra_em;
    return value === '' ? null : fromWall(value);
  }

  #showPeople({ participantes }: PollSummary): void {
    const forms = keepPeople(this.#people, participantes.length, (number) => this.#makePerson(number));
    for (const [index, form] of forms.entries()) showPerson(form, participantes[index]!);
  }

  #makePerson(number: number): HTMLFormElement {
    const { api, editor } = this.#actions;
    return makePersonForm(number, editor, {
      rename: (button, name, reason) =>
        this.#send(button, 'Nome guardado.', (_, id) => api().correct(id, number, { nome: name, motivo: reason })),
      portray: async ({ bytes, foco }) => {
        const foto = bytes && { foto: await inWords(api().storePhoto(bytes)) };
        await inWords(api().correct(this.#poll.id, number, { ...foto, foco }));
        say(this.#line, 'good', 'Foto guardada.');
        this.#actions.changed();
      },
      removePhoto: () =>
        this.#ask(removingPhoto(this.#poll, number), (_, id) => api().correct(id, number, { foto: null })),
      failed: (why) => say(this.#line, 'bad', why),
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

  #ask(question: Question, task: (api: AdminApi, id: string) => Promise<unknown>): void {
    const { id } = this.#poll;
    this.#actions.confirmation.ask(question, async () => {
      await task(this.#actions.api(), id);
      this.#actions.changed();
    });
  }
}
