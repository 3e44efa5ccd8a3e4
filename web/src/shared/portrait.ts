import aurora from '../assets/participante-1.svg';
import iris from '../assets/participante-2.svg';
import { initialsOf } from './initials.ts';
import { jitter, sleep } from './timing.ts';
import type { Participant } from '#contract';
import { PHOTO_WIDTHS } from '../../../libs/contract/photo-forms.ts';

/** Portraits that were drawn for the people of the demo, who do not exist. */
const DRAWN: Readonly<Record<string, string>> = { 'Aurora Estrela': aurora, 'Íris Trovão': iris };

/** A photo that did not come is tried again after so long, ms, then after twice that, and so on, so many times. */
const RETRY_MS = 5_000;
const RETRIES = 7;

/**
 * Shows a participant: the photo, at the size that fits the `sizes` of the image; a drawing where there is none, or while it does not come.
 * The place is empty until then: nobody's face stands beside another's name.
 */
export function showPortrait(image: HTMLImageElement, { nome, foto, foco }: Participant): void {
  // where nobody pointed at the face, the style sheet says what of a photo is shown
  image.style.objectPosition = foto !== undefined && foco ? `${foco.x}% ${foco.y}%` : '';
  const wanted = foto ?? DRAWN[nome] ?? silhouette(nome);
  if (image.dataset['wanted'] === wanted) return;
  image.dataset['wanted'] = wanted;
  image.dataset['silhouette'] = String(foto === undefined && !(nome in DRAWN));
  image.onerror = () => {
    image.onerror = null;
    image.srcset = '';
    image.src = silhouette(nome);
    image.dataset['silhouette'] = 'true';
    if (foto !== undefined)
      void untilThere(
        foto,
        () => image.dataset['wanted'] === wanted,
        () => load(image, foto),
      );
  };
  // browsers paint the photo before until the next one is there
  image.style.visibility = 'hidden';
  image.onload = () => (image.style.visibility = '');
  if (foto === undefined) {
    image.srcset = '';
    image.src = wanted;
  } else load(image, foto);
}

function load(image: HTMLImageElement, photo: string): void {
  image.srcset = PHOTO_WIDTHS.map((width) => `${photo}?w=${width} ${width}w`).join();
  image.src = photo;
  image.dataset['silhouette'] = 'false';
}

/** Asks for a photo now and then, as long as it is wanted, and calls when it comes. */
async function untilThere(photo: string, isWanted: () => boolean, onThere: () => void): Promise<void> {
  for (let tries = 0; tries < RETRIES; tries++) {
    await sleep(jitter(RETRY_MS * 2 ** tries));
    if (!isWanted()) return;
    const answer = await fetch(`${photo}?w=${PHOTO_WIDTHS[0]}`).catch(() => undefined);
    if (answer?.ok && isWanted()) return onThere();
  }
}

/** A neutral silhouette with the initials of a name, for participants without a photo. */
function silhouette(name: string): string {
  const text = `<text x="200" y="220" font-size="84" text-anchor="middle" fill="#fff">${initialsOf(name)}</text>`;
  const image =
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 400 480" width="400" height="480" font-family="sans-serif" font-weight="700">' +
    '<path fill="#2a2440" d="M0 0h400v480H0z"/><circle cx="200" cy="190" r="118" fill="#5d5678"/>' +
    `<path fill="#5d5678" d="M20 480c0-104 80-150 180-150s180 46 180 150z"/>${text}</svg>`;
  return `data:image/svg+xml,${encodeURIComponent(image)}`;
}
