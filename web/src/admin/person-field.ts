import { writeNumber } from './draft-people.ts';
import { offer } from './feedback.ts';
import type { PhotoEditor, Portrayed } from './photo-editor.ts';
import { createPhotoField } from './photo-field.ts';
import { byId, within } from '../shared/dom.ts';
import type { Participant } from '#contract';

/** What the form of a person on air asks for. */
export interface PersonRequests {
  rename(button: HTMLElement, name: string, reason: string): Promise<boolean>;
  portray(portrayed: Portrayed): Promise<void>;
  removePhoto(): void;
  failed(why: string): void;
}

const shown = new WeakMap<HTMLElement, (participant: Participant) => void>();

/** The form of one participant of an open poll: a correction goes on air at once. */
export function makePersonForm(number: number, editor: PhotoEditor, requests: PersonRequests): HTMLFormElement {
  const copy = byId('modelo-pessoa', HTMLTemplateElement).content.cloneNode(true) as DocumentFragment;
  const form = within(copy, '.poll-person', HTMLFormElement);
  writeNumber(form, number);
  const name = within(form, '[name="nome"]', HTMLInputElement);
  const reason = within(form, '[name="motivo"]', HTMLInputElement);
  const photo = createPhotoField(form, {
    editor,
    use: (portrayed) => requests.portray(portrayed),
    remove: () => requests.removePhoto(),
    failed: (why) => requests.failed(why),
  });
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    const button = within(form, '[type="submit"]', HTMLElement);
    void requests.rename(button, name.value, reason.value).then((done) => done && (reason.value = ''));
  });
  shown.set(form, (participant) => {
    photo.show(participant);
    offer(name, participant.nome);
  });
  return form;
}

/** Shows a participant in the form, but over nothing that somebody is typing. */
export const showPerson = (form: HTMLElement, participant: Participant): void => shown.get(form)?.(participant);
