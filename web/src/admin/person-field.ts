import { byId, within } from '../shared/dom.ts';
import { showPortrait } from '../shared/portrait.ts';
import type { Participant } from '#contract';
import { offer } from './feedback.ts';
import { writeNumber } from './new-names.ts';
import { createPhotoField } from './photo-field.ts';

/** What a person's form asks for. */
export interface PersonRequests {
  rename(form: HTMLFormElement, number: number, name: string, reason: string): Promise<boolean>;
  savePhoto(button: HTMLElement, number: number, photo: Blob): Promise<boolean>;
  remove(button: HTMLElement, number: number): void;
  failed(why: string): void;
}

const shown = new WeakMap<HTMLElement, (participant: Participant) => void>();

/** The form of one participant of a poll. */
export function makePersonForm(number: number, requests: PersonRequests): HTMLFormElement {
  const copy = byId('modelo-pessoa', HTMLTemplateElement).content.cloneNode(true) as DocumentFragment;
  const form = within(copy, '.poll-person', HTMLFormElement);
  writeNumber(form, number);
  const name = within(form, '[name="nome"]', HTMLInputElement);
  const reason = within(form, '[name="motivo"]', HTMLInputElement);
  const photo = createPhotoField(form, (why) => requests.failed(why));
  const save = within(form, '.photo-save', HTMLButtonElement);
  const remove = within(form, '.person-remove', HTMLButtonElement);
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    void requests.rename(form, number, name.value, reason.value).then((done) => done && (reason.value = ''));
  });
  save.addEventListener('click', () => {
    const chosen = photo.chosen();
    if (!chosen) return;
    void requests.savePhoto(save, number, chosen).then((done) => {
      if (!done) return;
      photo.clear();
      within(form, '[name="foto"]', HTMLInputElement).focus();
    });
  });
  remove.addEventListener('click', () => requests.remove(remove, number));
  shown.set(form, (participant) => {
    if (!photo.chosen()) showPortrait(within(form, 'img', HTMLImageElement), participant);
    offer(name, participant.nome);
  });
  return form;
}

/** Shows a participant in the form, but over nothing that somebody is typing or has chosen. */
export const showPerson = (form: HTMLElement, participant: Participant): void => shown.get(form)?.(participant);
