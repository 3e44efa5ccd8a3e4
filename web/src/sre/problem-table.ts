import { breakable, byId, element } from '../shared/dom.ts';
import { integer } from '../shared/format.ts';
import { svg } from '../shared/svg.ts';
import type { ProblemCount } from '#contract';

const HEIGHT = 20;

/** A column a minute; a minute in which no process ran is a gap. */
function history({ codigo, por_minuto: minutes }: ProblemCount): SVGElement {
  const top = Math.max(...minutes.map((count) => count ?? 0), 1);
  const columns = minutes.map((count, x) => {
    const height = count === null ? HEIGHT : count === 0 ? 0 : Math.max((count / top) * HEIGHT, 2);
    return svg('rect', { x, y: HEIGHT - height, width: 1, height, class: count === null ? 'gap' : 'minute' });
  });
  const ran = minutes.filter((count) => count !== null).length;
  const words = `${codigo} por minuto na última hora: no máximo ${integer(top)}; ${ran} minutos com dados`;
  const box = { viewBox: `0 0 ${minutes.length} ${HEIGHT}`, preserveAspectRatio: 'none' };
  return svg('svg', { ...box, class: 'minutes', role: 'img', 'aria-label': words }, ...columns);
}

/** The codes of the last hour; rows that did not change stay. */
export function showProblems(problems: readonly ProblemCount[]): void {
  const body = byId('linhas-erros', HTMLTableSectionElement);
  const key = JSON.stringify(problems);
  if (body.dataset['chave'] === key) return;
  body.dataset['chave'] = key;
  body.replaceChildren(
    ...problems.map((problem) => {
      const head = element('th', breakable(problem.codigo));
      head.scope = 'row';
      return element('tr', [
        head,
        element('td', [history(problem)]),
        element('td', integer(problem.pedidos), 'number'),
      ]);
    }),
  );
}
