import { type Fitted, fitted, lettersOf, widthOf } from '#lettering';
import { LOOKS } from '#palette';
import { percent } from '#wording';

import { WORDMARK } from '../wordmark.ts';
import type { ShareView } from './share-view.ts';

/** Pixels: what the Open Graph protocol's readers show whole. */
export const CARD_SIZE = { width: 1200, height: 630 };

const MARGIN = 64;
const INNER = CARD_SIZE.width - 2 * MARGIN;
const GAP = 20;
/** The people take what is below the title. */
const PEOPLE = { top: 330, height: 240 };
const MAX_IN_ROW = 5;
const INK = '#f7f3ff';
const SOFT = '#cbc3de';

const BRAND =
  '<g transform="translate(64 66) scale(.62)" fill="none" stroke="#f7f3ff" stroke-width="11">' +
  `<path d="${WORDMARK.letters}"/>` +
  `<path stroke="#ffb43a" stroke-width="7" d="${WORDMARK.tilde}"/>` +
  `<rect ${WORDMARK.last} stroke="#5cabff"/></g>`;

const STAGE =
  '<defs><linearGradient id="g" x2="0" y2="1"><stop stop-color="#07050f"/><stop offset="1" stop-color="#2a1c50"/></linearGradient>' +
  '<linearGradient id="a" x2="0" y2="1"><stop stop-color="#ffb43a" stop-opacity=".42"/><stop offset="1" stop-color="#ffb43a" stop-opacity="0"/></linearGradient>' +
  '<linearGradient id="b" x2="0" y2="1"><stop stop-color="#5cabff" stop-opacity=".42"/><stop offset="1" stop-color="#5cabff" stop-opacity="0"/></linearGradient></defs>' +
  '<path fill="url(#g)" d="M0 0h1200v630H0z"/><path fill="url(#a)" d="M20-20h120l420 660H190z"/>' +
  '<path fill="url(#b)" d="M1180-20h-120L640 640h370z"/>';

interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Lines below each other. `y`: of the first baseline. */
const linesOf = ({ lines, size }: Fitted, x: number, y: number, fill: string): string =>
  lines.map((line, index) => lettersOf(line, { x, y: y + index * size * 1.08, size }, fill)).join('');

/** The outline of a participant's sign, as wide as high. */
function signOf(index: number, { x, y, width: side }: Box): string {
  const { shape, night } = LOOKS[index]!;
  if (shape === undefined) {
    return `<circle cx="${x + side / 2}" cy="${y + side / 2}" r="${side / 2}" fill="${night.fill}"/>`;
  }
  const points = shape.replaceAll(/([\d.]+)%?/g, (_, share: string) => String((Number(share) / 100) * side));
  return `<g transform="translate(${x} ${y})"><polygon points="${points}" fill="${night.fill}"/></g>`;
}

/** The sign with the number in it, and beside it the name, and the share if there is one. */
function personOf({ numero, nome, percentual, lidera }: ShareView['participantes'][number], box: Box): string {
  const look = LOOKS[numero - 1]!.night;
  const { x, y, width, height } = box;
  const isLow = height < PEOPLE.height;
  const pad = isLow || width < 220 ? 16 : 22;
  const side = isLow ? 38 : 64;
  const sign = signOf(numero - 1, { x: x + pad, y: y + pad, width: side, height: side });
  const digit = String(numero);
  const size = side * 0.5;
  const number = lettersOf(
    digit,
    { x: x + pad + (side - widthOf(digit, size)) / 2, y: y + pad + side * 0.68, size },
    look.on,
  );
  const room = isLow ? { lines: 1, largest: 30 } : { lines: 3, largest: 52 };
  const name = fitted(nome, { ...room, width: width - 2 * pad, smallest: 20 });
  const above = (name.lines.length - 1) * name.size * 1.08;
  const share = percentual === null ? '' : percent(percentual);
  const shareSize = fitted(share, { width: width - 3 * pad - side, lines: 1, largest: side * 0.9, smallest: 16 }).size;
  return [
    `<rect x="${x}" y="${y}" width="${width}" height="${height}" rx="26" fill="${look.ground}" fill-opacity=".92"`,
    ` stroke="${look.fill}" stroke-width="${lidera ? 8 : 3}"/>`,
    ...[sign, number, linesOf(name, x + pad, y + height - pad - above - name.size * 0.12, '#fff')],
    lettersOf(
      share,
      { x: x + width - pad - widthOf(share, shareSize), y: y + pad + side * 0.5 + shareSize * 0.36, size: shareSize },
      look.text,
    ),
  ].join('');
}

/** In one row, from six on in two. */
function peopleOf(people: ShareView['participantes']): string {
  const rows = Math.ceil(people.length / MAX_IN_ROW);
  const inRow = Math.ceil(people.length / rows);
  const width = (INNER - (inRow - 1) * GAP) / inRow;
  const height = (PEOPLE.height - (rows - 1) * GAP) / rows;
  return people
    .map((person, index) => {
      const [row, column] = [Math.floor(index / inRow), index % inRow];
      const x = MARGIN + column * (width + GAP);
      return personOf(person, { x, y: PEOPLE.top + row * (height + GAP), width, height });
    })
    .join('');
}

const documentOf = (...parts: string[]): string =>
  `<svg xmlns="http://www.w3.org/2000/svg" width="${CARD_SIZE.width}" height="${CARD_SIZE.height}">${parts.join('')}</svg>`;

/** The card of a poll. Its texts are outlines: nothing of them is markup, and no font is needed. */
export function cardSvg({ titulo, finalidade, chamada, estado, participantes }: ShareView): string {
  const title = fitted(titulo, { width: INNER, lines: 2, largest: 84, smallest: 40 });
  const isOut = estado === 'proclamado';
  const tag = isOut ? 'Resultado final' : chamada;
  const tagWidth = widthOf(tag, 34) + 48;
  const line = fitted(isOut ? chamada : finalidade, { width: INNER, lines: 1, largest: 42, smallest: 24 });
  const top = 190 + (2 - title.lines.length) * 20;
  return documentOf(
    ...[STAGE, BRAND],
    `<rect x="${CARD_SIZE.width - MARGIN - tagWidth}" y="50" width="${tagWidth}" height="58" rx="14" fill="${INK}"/>`,
    lettersOf(tag, { x: CARD_SIZE.width - MARGIN - tagWidth + 24, y: 91, size: 34 }, '#07050f'),
    linesOf(title, MARGIN, top, INK),
    linesOf(line, MARGIN, PEOPLE.top - 30, isOut ? INK : SOFT),
    peopleOf(participantes),
  );
}

/** The card while there was never a poll. */
export function emptyCardSvg(): string {
  const line = { x: MARGIN, y: 340, size: 84 };
  return documentOf(STAGE, BRAND, lettersOf('Nenhum paredão no ar', line, INK));
}
