import { within } from '../shared/dom.ts';

/** A portrait as large as the largest screen needs it, in pixels. */
const WIDTH = 960;
const HEIGHT = 1152;
/** High: the service encodes it once more. */
const QUALITY = 0.92;

/** The middle of a picture, upright and in portrait format, as JPEG. Rejects for what is no picture. */
async function portraitOf(file: Blob): Promise<{ blob: Blob; url: string }> {
  const picture = await createImageBitmap(file, { imageOrientation: 'from-image' });
  const canvas = Object.assign(document.createElement('canvas'), { width: WIDTH, height: HEIGHT });
  const scale = Math.max(WIDTH / picture.width, HEIGHT / picture.height);
  const [width, height] = [picture.width * scale, picture.height * scale];
  // faces are above the middle
  canvas.getContext('2d')?.drawImage(picture, (WIDTH - width) / 2, (HEIGHT - height) / 4, width, height);
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/jpeg', QUALITY));
  if (!blob) throw new Error('the picture cannot be encoded');
  return { blob, url: canvas.toDataURL('image/jpeg', QUALITY) };
}

/** The field for a photo, in the form of a participant. */
export interface PhotoField {
  /** The photo that was chosen and is not saved yet. */
  readonly chosen: () => Blob | undefined;
  /** Saved: nothing is chosen any more. */
  clear(): void;
}

/** Wires the field; a choice is shown at once. `failed` is called when a file cannot be read as a picture. */
export function createPhotoField(form: HTMLElement, failed: (why: string) => void): PhotoField {
  const input = within(form, '[name="foto"]', HTMLInputElement);
  const image = within(form, 'img', HTMLImageElement);
  const button = within(form, '.photo-save', HTMLButtonElement);
  let chosen: Blob | undefined;

  async function show(file: Blob): Promise<void> {
    try {
      const { blob, url } = await portraitOf(file);
      chosen = blob;
      image.srcset = '';
      image.src = url;
      button.hidden = false;
    } catch {
      input.value = '';
      failed('Esta imagem não pôde ser lida.');
    }
  }

  input.addEventListener('change', () => {
    const file = input.files?.[0];
    if (file) void show(file);
  });
  return {
    chosen: () => chosen,
    clear() {
      chosen = undefined;
      input.value = '';
      button.hidden = true;
    },
  };
}
