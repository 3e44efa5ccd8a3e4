import aurora from '../assets/participante-1.svg';
import iris from '../assets/participante-2.svg';
import { initialsOf } from './initials.ts';
import type { Participant } from '#contract';
import { PHOTO_WIDTHS } from '../../../libs/contract/photo-forms.ts';

/** Portraits that were drawn for the people of the demo, who do not exist. */
const DRAWN: Readonly<Record<string, string>> = { 'Aurora Estrela': aurora, 'Íris Trovão': iris };

/** Shows a participant: the photo, at the size that fits the `sizes` of the image; a drawing where there is none, or it does not come. */
export function showPortrait(image: HTMLImageElement, { nome, foto, foco }: Participant): void {
  // where nobody pointed at the face, the style sheet says what of a photo is shown
  image.style.objectPosition = foto !== undefined && foco ? `${foco.x}% ${foco.y}%` : '';
  const wanted = foto ?? DRAWN[nome] ?? silhouette(nome);
  if (image.dataset['wanted'] === wanted) return;
  image.dataset['wanted'] = wanted;
  image.dataset['silhouette'] = String(foto === undefined && !(nome in DRAWN));
  // until it is there nobody stands in for somebody; a drawing comes where it will not be there
  image.onerror = () => {
    image.onerror = null;
    image.srcset = '';
    image.src = silhouette(nome);
    image.dataset['silhouette'] = 'true';
  };
  image.srcset = foto === undefined ? '' : PHOTO_WIDTHS.map((width) => `${foto}?w=${width} ${width}w`).join();
  image.src = wanted;
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
