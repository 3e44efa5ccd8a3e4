import type { PhotoEditor, Portrayed } from './photo-editor.ts';
import { within } from '../shared/dom.ts';
import { showPortrait } from '../shared/portrait.ts';
import type { Participant } from '#contract';

type Portrait = Pick<Participant, 'foto' | 'foco'>;

/** What a field for a photo needs of its page. */
export interface PhotoRequests {
  readonly editor: PhotoEditor;
  /** Uses what was chosen. Rejects with the words for whoever chose it. */
  readonly use: (portrayed: Portrayed) => Promise<void>;
  readonly remove: () => void;
  readonly failed: (why: string) => void;
}

/** The photo of one participant: the picture, the file, the focus, and its removal. */
export interface PhotoField {
  show(participant: Participant): void;
}

/** Wires `img`, `[name="foto"]`, `.photo-focus` and `.photo-remove` of a participant's form. */
export function createPhotoField(root: HTMLElement, { editor, use, remove, failed }: PhotoRequests): PhotoField {
  const input = within(root, '[name="foto"]', HTMLInputElement);
  const refocus = within(root, '.photo-focus', HTMLButtonElement);
  const remover = within(root, '.photo-remove', HTMLButtonElement);
  let shown: Portrait = {};

  async function edit(picture: () => Promise<Blob> | Blob, focus: Portrait['foco']): Promise<void> {
    try {
      await editor.ask(await picture(), focus ?? null, use);
    } catch {
      failed('Esta imagem não pôde ser lida.');
    }
    // the same file may be chosen again
    input.value = '';
  }

  input.addEventListener('change', () => {
    const file = input.files?.[0];
    if (file) void edit(() => file, undefined);
  });
  refocus.addEventListener('click', () => {
    const { foto, foco } = shown;
    if (foto !== undefined) void edit(async () => (await fetch(foto)).blob(), foco);
  });
  remover.addEventListener('click', remove);
  return {
    show(participant) {
      shown = participant;
      // the button that was pressed is gone: whoever has no mouse goes on beside it
      if (participant.foto === undefined && [refocus, remover].includes(document.activeElement as never)) input.focus();
      for (const button of [refocus, remover]) button.hidden = participant.foto === undefined;
      showPortrait(within(root, 'img', HTMLImageElement), participant);
    },
  };
}
