/** PromQL in the words of the boards. */

/** What the variables of a board choose among the services. */
const CHOSEN = 'job="paredao",service=~"$service",instance=~"$instance"';

/** Series of the services that the board's variables choose. */
export const chosen = (metric, labels = '') => `${metric}{${[CHOSEN, labels].filter(Boolean).join()}}`;

/** Growth of a counter in a second, over a window that fits the zoom. */
export const rate = (series) => `rate(${series}[$__rate_interval])`;

export const sum = (expression, ...labels) => `sum${by(labels)} (${expression})`;
export const max = (expression, ...labels) => `max${by(labels)} (${expression})`;

const by = (labels) => (labels.length > 0 ? ` by (${labels.join(', ')})` : '');

/** A quantile (0 to 1) of a histogram, one for each value of the labels. */
export const quantile = (q, histogram, labels = '', ...grouped) =>
  `histogram_quantile(${q}, ${sum(rate(chosen(`${histogram}_bucket`, labels)), 'le', ...grouped)})`;

/** The median and the slow ends of a histogram, as the queries of one panel. */
export const quantiles = (histogram, labels = '') =>
  [0.5, 0.95, 0.99].map((q) => [quantile(q, histogram, labels), `p${q * 100}`]);

/** The mean of what a histogram saw. */
export const mean = (histogram) =>
  `${sum(rate(chosen(`${histogram}_sum`)))} / ${sum(rate(chosen(`${histogram}_count`)))}`;

export const VOTE_ROUTE = 'route="/votar/:participante"';
