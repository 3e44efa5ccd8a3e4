import { createHash } from 'node:crypto';

import { escapeHtml } from '#wording';

import { CARD_SIZE } from './card-svg.ts';
import type { ShareView } from './share-view.ts';

/** The pages that are shared, by where they are. */
export const SHARED_PAGES = { votar: '/', resultado: '/resultado.html' } as const;
export type SharedPage = keyof typeof SHARED_PAGES;

const SITE = 'Paredão';

/** "Ana, Bento ou Caio" */
function oneOf(names: readonly string[]): string {
  const [last = '', ...rest] = [...names].reverse();
  return rest.length === 0 ? last : `${rest.reverse().join(', ')} ou ${last}`;
}

function descriptionOf({ finalidade, chamada, participantes }: ShareView): string {
  const about = finalidade === '' ? '' : `${finalidade}: `;
  return `${about}${oneOf(participantes.map(({ nome }) => nome))}. ${chamada}.`;
}

/**
 * What chats and networks show of a link, as `meta` elements of https://ogp.me.
 * @param origin of the pages: such readers take absolute addresses only
 * @param view nothing where there is no poll
 */
export function shareHead(origin: string, page: SharedPage, view: ShareView | undefined): string {
  const address = (path: string, query: Readonly<Record<string, string>>): string => {
    const asked = new URLSearchParams(query).toString();
    return `${origin}${path}${asked === '' ? '' : `?${asked}`}`;
  };
  const metas: [name: string, content: string][] = [
    ['og:site_name', SITE],
    ['og:locale', 'pt_BR'],
    ['og:type', 'website'],
    ['og:title', view?.titulo ?? SITE],
    ['og:description', view ? descriptionOf(view) : 'A votação do programa.'],
    ['og:url', address(SHARED_PAGES[page], nameOf(view))],
    ...(view ? pictureOf(address, view) : []),
    ['twitter:card', 'summary_large_image'],
  ];
  return metas
    .map(
      ([name, content]) =>
        `<meta ${name.startsWith('og:') ? 'property' : 'name'}="${name}" content="${escapeHtml(content)}" />`,
    )
    .join('\n    ');
}

/** Before its opening a poll is only the next one. */
const nameOf = (view: ShareView | undefined): { paredao?: string } =>
  view === undefined || view.estado === 'agendado' ? {} : { paredao: view.paredao };

function pictureOf(
  address: (path: string, query: Record<string, string>) => string,
  view: ShareView,
): [string, string][] {
  // another card has another address: nobody shows the one before for long
  const mark = createHash('sha256').update(JSON.stringify(view)).digest('hex').slice(0, 8);
  return [
    ['og:image', address('/cartao.png', { ...nameOf(view), v: mark })],
    ['og:image:type', 'image/png'],
    ['og:image:width', String(CARD_SIZE.width)],
    ['og:image:height', String(CARD_SIZE.height)],
    ['og:image:alt', `${view.titulo} ${descriptionOf(view)}`],
  ];
}
