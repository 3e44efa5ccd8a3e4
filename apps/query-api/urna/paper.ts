import type { Boletim } from '#contract';
import { qrDrawing } from '#qr';
import { escapeHtml } from '#wording';

import { WORDMARK } from '../wordmark.ts';

/** A page to print: HTML that needs no script. */
export interface Paper {
  readonly title: string;
  /** Of the poll. */
  readonly heading: string;
  readonly isRehearsal: boolean;
  /** What it is worth, in a line; nothing: as it should be. */
  readonly warning: string;
  /** Where this is, for the code. */
  readonly address: string;
  /** Path of the same as JSON. */
  readonly json: string;
  /** HTML. */
  readonly body: string;
}

const BRAND = `<svg viewBox="0 -16 406 76" fill="none" stroke="currentColor" stroke-width="11" aria-hidden="true"><path d="${WORDMARK.letters}"/><path class="tilde" d="${WORDMARK.tilde}" stroke-width="7"/><rect class="cross" ${WORDMARK.last}/></svg>`;
const STAGE =
  '<div class="stage" aria-hidden="true"><div class="beam beam-1"></div><div class="beam beam-2"></div><div class="floor"></div></div>';
const REHEARSAL =
  '<aside class="rehearsal" aria-label="Aviso"><strong>ENSAIO</strong> · estes votos não contam</aside>';

/** In the look of the other pages, by a style sheet that lies beside them. */
export const paperHtml = ({ title, heading, isRehearsal, warning, address, json, body }: Paper): string =>
  `<!doctype html>
<html lang="pt-BR">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover">
<meta name="color-scheme" content="dark light">
<title>${escapeHtml(`${title} · ${heading}`)}</title>
<link rel="stylesheet" href="/urna.css">
</head>
<body>
${STAGE}
${isRehearsal ? REHEARSAL : ''}
<header class="top"><a class="brand" href="/" aria-label="Paredão: página de votação">${BRAND}</a></header>
<main class="paper">
<div class="paper-head"><div><p class="paper-kind">${escapeHtml(title)}</p><h1 class="display">${escapeHtml(heading)}</h1>
${warning === '' ? '' : `<p class="paper-warning">${escapeHtml(warning)}</p>`}</div>
${qrFigure(address)}</div>
${body}
<p class="paper-json"><a href="${escapeHtml(json)}">Os mesmos dados em JSON</a></p>
</main>
</body>
</html>
`;

function qrFigure(address: string): string {
  const { side, path } = qrDrawing(address);
  return `<figure class="paper-code"><svg viewBox="0 0 ${side} ${side}" role="img" aria-label="Código QR com o endereço desta página" shape-rendering="crispEdges"><path d="M0 0h${side}v${side}H0z" fill="#fff"/><path d="${path}" fill="#000"/></svg><figcaption><a href="${escapeHtml(address)}">${escapeHtml(address)}</a></figcaption></figure>`;
}

/** A part of the page. @param body HTML */
export const section = (title: string, body: string): string =>
  `<section><h2>${escapeHtml(title)}</h2>\n${body}</section>\n`;

/** What is said, by name; rows of nothing are left out. */
export const facts = (rows: readonly (readonly [name: string, value: string | null | undefined])[]): string =>
  `<dl class="facts">${rows
    .filter(([, value]) => value !== null && value !== undefined && value !== '')
    .map(([name, value]) => `<div><dt>${escapeHtml(name)}</dt><dd>${escapeHtml(value!)}</dd></div>`)
    .join('')}</dl>`;

/** Text that is copied or compared letter by letter. */
export const verbatim = (text: string): string => `<pre tabindex="0">${escapeHtml(text)}</pre>`;

/** A table whose first column names the rows, and whose others are numbers. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const cells = (row: readonly string[]): string =>
    row
      .map((cell, at) => (at === 0 ? `<th scope="row">${escapeHtml(cell)}</th>` : `<td>${escapeHtml(cell)}</td>`))
      .join('');
  const heads = head.map((name) => `<th scope="col">${escapeHtml(name)}</th>`).join('');
  return `<table><thead><tr>${heads}</tr></thead><tbody>${rows.map((row) => `<tr>${cells(row)}</tr>`).join('')}</tbody></table>`;
}

/** The key of the service, and with it those of the logs. */
export const keysOf = ({ servico, nota }: Boletim['chaves']): string =>
  facts([['Chave do serviço', servico]]) + verbatim(nota);
