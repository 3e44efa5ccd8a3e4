import type { DraftPerson } from './draft-values.ts';
import type { PhotoEditor, Portrayed } from './photo-editor.ts';
import { type PhotoField, createPhotoField } from './photo-field.ts';
import { byId, setText, within } from '../shared/dom.ts';
import { keepPeople } from '../shared/people.ts';
import { MAX_PARTICIPANTS, MIN_PARTICIPANTS } from '../../../libs/domain/wire/participants.ts';

/** What the participants of a draft need of its form. */
export interface PeopleRequests {
  readonly editor: PhotoEditor;
  /** Stores a photo. @returns its path */
  readonly store: (bytes: Blob) => Promise<string>;
  readonly changed: () => void;
  readonly failed: (why: string) => void;
}

/** Writes a participant's number wherever the copy of a template names it. */
export function writeNumber(root: ParentNode, number: number): void {
  for (const place of root.querySelectorAll('.chip, .who')) setText(place, String(number));
}

/** The participants in the form of a draft: two to ten, with names and photos. */
export class DraftPeople {
  readonly #list: HTMLElement;
  readonly #more: HTMLButtonElement;
  readonly #requests: PeopleRequests;
  readonly #photos = new WeakMap<HTMLElement, PhotoField>();
  #people: DraftPerson[] = [];
  #rows: HTMLElement[] = [];

  constructor(form: HTMLElement, requests: PeopleRequests) {
    this.#list = within(form, '.draft-people', HTMLElement);
    this.#more = within(form, '.person-add', HTMLButtonElement);
    this.#requests = requests;
    this.#more.addEventListener('click', () => this.#add());
  }

  values(): DraftPerson[] {
    return this.#people.map((one, index) => ({ ...one, nome: this.#name(index).value }));
  }

  /** Whoever is writing in a field goes on: only what differs is written. */
  show(people: readonly DraftPerson[]): void {
    this.#people = [...people];
    this.#rows = keepPeople(this.#list, people.length, (number) => this.#make(number));
    for (const [index, one] of people.entries()) {
      const name = this.#name(index);
      if (name.value !== one.nome) name.value = one.nome;
      within(this.#rows[index]!, '.person-remove', HTMLElement).hidden = people.length <= MIN_PARTICIPANTS;
      this.#showPhoto(index);
    }
    this.#more.hidden = people.length >= MAX_PARTICIPANTS;
  }

  #name(index: number): HTMLInputElement {
    return within(this.#rows[index]!, '[name="nome"]', HTMLInputElement);
  }

  #showPhoto(index: number): void {
    const { foto, foco } = this.#people[index]!;
    const nome = this.#name(index).value;
    const portrait = { ...(foto !== null && { foto }), ...(foco !== null && { foco }) };
    this.#photos.get(this.#rows[index]!)?.show({ numero: index + 1, nome, ...portrait });
  }

  #make(number: number): HTMLElement {
    const copy = byId('modelo-participante', HTMLTemplateElement).content.cloneNode(true) as DocumentFragment;
    const row = within(copy, '.draft-person', HTMLElement);
    writeNumber(row, number);
    const { editor, failed } = this.#requests;
    this.#photos.set(
      row,
      createPhotoField(row, {
        ...{ editor, failed },
        use: (portrayed) => this.#portray(number, portrayed),
        remove: () => this.#change(number, { foto: null, foco: null }),
      }),
    );
    within(row, '.person-remove', HTMLButtonElement).addEventListener('click', () => this.#remove(number));
    return row;
  }

  async #portray(number: number, { bytes, foco }: Portrayed): Promise<void> {
    const whose = this.#people[number - 1];
    const foto = bytes ? await this.#requests.store(bytes) : whose?.foto;
    if (foto !== undefined) this.#change(number, { foto, foco });
  }

  #change(number: number, change: Pick<DraftPerson, 'foto' | 'foco'>): void {
    const people = this.values();
    const person = people[number - 1];
    if (!person) return;
    people[number - 1] = { ...person, ...change };
    this.show(people);
    this.#requests.changed();
  }

  #add(): void {
    this.show([...this.values(), { numero: null, nome: '', foto: null, foco: null }]);
    this.#name(this.#people.length - 1).focus();
    this.#requests.changed();
  }

  /** Later ones move up; the last row goes. */
  #remove(number: number): void {
    this.show(this.values().toSpliced(number - 1, 1));
    this.#name(Math.min(number, this.#people.length) - 1).focus();
    this.#requests.changed();
  }
}
