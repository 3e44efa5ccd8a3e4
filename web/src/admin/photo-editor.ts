import { type Crop, PORTRAIT, USUAL_FOCUS, portraitCrop, stepped } from './crop.ts';
import { byId, setText, whileBusy, within } from '../shared/dom.ts';
import type { Focus } from '#contract';

/** High: the service encodes it once more. */
const QUALITY = 0.92;

/** A photo that was chosen, cut to a portrait; without bytes, only the focus of the one that there was is another. */
export interface Portrayed {
  readonly bytes?: Blob;
  readonly foco: Focus;
}

/** A photo that is not stored yet, or one that is. */
interface Source {
  readonly picture: ImageBitmap;
  readonly isNew: boolean;
}

/** The dialog `#foto-janela`: where is the face? It shows how cards, panel and stage will cut the photo. */
export class PhotoEditor {
  readonly #dialog = byId('foto-janela', HTMLDialogElement);
  readonly #field = byId('foto-campo', HTMLButtonElement);
  readonly #whole = within(this.#field, 'canvas', HTMLCanvasElement);
  readonly #mark = within(this.#field, '.focus-mark', HTMLElement);
  readonly #where = byId('foto-onde', HTMLElement);
  readonly #line = byId('foto-erro', HTMLElement);
  readonly #yes = byId('foto-sim', HTMLButtonElement);
  #source: Source | undefined;
  #focus: Focus = USUAL_FOCUS;
  #use: (portrayed: Portrayed) => Promise<void> = () => Promise.resolve();

  constructor() {
    this.#field.addEventListener('pointerdown', (event) => this.#point(event));
    this.#field.addEventListener('pointermove', (event) => event.buttons > 0 && this.#point(event));
    this.#field.addEventListener('keydown', (event) => {
      const focus = stepped(this.#focus, event.key, event.shiftKey);
      if (!focus) return;
      event.preventDefault();
      this.#show(focus);
    });
    byId('foto-nao', HTMLButtonElement).addEventListener('click', () => this.#dialog.close());
    this.#yes.addEventListener('click', () => void whileBusy(this.#yes, () => this.#confirm()));
  }

  /**
   * Asks where the face is.
   * @param picture a file, or the photo that there is
   * @param use is given the answer; the dialog stays to say why that failed
   * @throws when the picture cannot be read
   */
  async ask(picture: Blob, focus: Focus | null, use: (portrayed: Portrayed) => Promise<void>): Promise<void> {
    const isNew = picture instanceof File;
    this.#source = { picture: await createImageBitmap(picture, { imageOrientation: 'from-image' }), isNew };
    this.#use = use;
    setText(this.#line, '');
    setText(this.#yes, isNew ? 'Usar esta foto' : 'Usar este foco');
    draw(this.#whole, this.#source.picture, wholeOf(this.#source.picture));
    this.#show(focus ?? USUAL_FOCUS);
    this.#dialog.showModal();
    this.#field.focus();
  }

  #point(event: PointerEvent): void {
    const { left, top, width, height } = this.#whole.getBoundingClientRect();
    const percent = (value: number, size: number) => Math.min(Math.max(Math.round((value / size) * 100), 0), 100);
    this.#show({ x: percent(event.clientX - left, width), y: percent(event.clientY - top, height) });
  }

  #show(focus: Focus): void {
    this.#focus = focus;
    this.#mark.style.left = `${focus.x}%`;
    this.#mark.style.top = `${focus.y}%`;
    setText(this.#where, `Rosto a ${focus.x} % da esquerda e ${focus.y} % do alto.`);
    const crop = this.#crop();
    if (!this.#source || !crop) return;
    for (const preview of this.#dialog.querySelectorAll<HTMLCanvasElement>('.crops canvas')) {
      draw(preview, this.#source.picture, crop, 2.5);
      preview.style.objectPosition = `${crop.focus.x}% ${crop.focus.y}%`;
    }
  }

  /** Of a new photo only the portrait around the face is stored; one that is stored already stays as it is. */
  #crop(): Crop | undefined {
    if (!this.#source) return undefined;
    const { picture, isNew } = this.#source;
    return isNew ? portraitCrop(picture, this.#focus) : { ...wholeOf(picture), focus: this.#focus };
  }

  async #confirm(): Promise<void> {
    const crop = this.#crop();
    if (!this.#source || !crop) return;
    try {
      const bytes = this.#source.isNew ? { bytes: await encoded(this.#source.picture, crop) } : {};
      await this.#use({ ...bytes, foco: crop.focus });
      this.#dialog.close();
    } catch (error) {
      setText(
        this.#line,
        error instanceof Error && error.message !== '' ? error.message : 'Não deu certo. Tente de novo.',
      );
    }
  }
}

const wholeOf = ({ width, height }: ImageBitmap) => ({ left: 0, top: 0, width, height });

type Part = Omit<Crop, 'focus'>;

/** Draws a part of a picture as large as the canvas shall have it: `share` is how much smaller than a portrait. */
function draw(canvas: HTMLCanvasElement, picture: ImageBitmap, part: Part, share = 1): void {
  const scale = Math.min(PORTRAIT.width / share / part.width, 1);
  canvas.width = Math.round(part.width * scale);
  canvas.height = Math.round(part.height * scale);
  const { left, top, width, height } = part;
  canvas.getContext('2d')?.drawImage(picture, left, top, width, height, 0, 0, canvas.width, canvas.height);
}

async function encoded(picture: ImageBitmap, { left, top, width, height }: Part): Promise<Blob> {
  const canvas = Object.assign(document.createElement('canvas'), PORTRAIT);
  canvas.getContext('2d')?.drawImage(picture, left, top, width, height, 0, 0, canvas.width, canvas.height);
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/jpeg', QUALITY));
  if (!blob) throw new Error('Esta imagem não pôde ser lida.');
  return blob;
}
