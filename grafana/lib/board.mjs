/** Puts panels together to a dashboard as Grafana reads it from a file (classic schema, version 42). */

const DATASOURCE = { type: 'prometheus', uid: '${datasource}' };
const WIDTH = 24;
/** Rows of the grid that a panel takes. */
const HEIGHTS = { stat: 4, table: 7, timeseries: 8, heatmap: 8 };

const chosenAtWill = (name, label, query) => ({
  type: 'query',
  name,
  label,
  datasource: DATASOURCE,
  query: { query, refId: name },
  definition: query,
  refresh: 2,
  sort: 1,
  multi: true,
  includeAll: true,
  allValue: '.+',
  current: { text: ['All'], value: ['$__all'] },
});

const VARIABLES = {
  datasource: {
    type: 'datasource',
    name: 'datasource',
    label: 'Fonte',
    query: 'prometheus',
    current: { text: 'Prometheus', value: 'prometheus' },
  },
  service: chosenAtWill('service', 'Serviço', 'label_values(up{job="paredao"}, service)'),
  instance: chosenAtWill('instance', 'Instância', 'label_values(up{job="paredao",service=~"$service"}, instance)'),
};

/** A mark where a series has come up within the last minute. */
const appearance = (name, iconColor, series, titleFormat) => ({
  name,
  enable: true,
  iconColor,
  datasource: DATASOURCE,
  target: { refId: 'Anno', expr: `${series('')} unless ${series(' offset 1m')}`, interval: '5s' },
  titleFormat,
});

const pollIs = (state) => (offset) => `(max by (poll) (poll_state{state="${state}"}${offset}) == 1)`;

const ANNOTATIONS = [
  appearance(
    'Implantações',
    'purple',
    (offset) => `count by (service, version, commit) (build_info${offset})`,
    '{{service}} {{version}} {{commit}}',
  ),
  appearance('Abertura do paredão', 'green', pollIs('aberto'), 'Paredão {{poll}} aberto'),
  appearance('Encerramento do paredão', 'red', pollIs('encerrado'), 'Paredão {{poll}} encerrado'),
];

/** Panels of a row share its width, the row's title above them. */
function* placed(rows) {
  let id = 0;
  let y = 0;
  for (const { title, panels } of rows) {
    yield { id: ++id, type: 'row', title, collapsed: false, panels: [], gridPos: { x: 0, y, w: WIDTH, h: 1 } };
    y++;
    const [w, h] = [WIDTH / panels.length, Math.max(...panels.map(({ type }) => HEIGHTS[type]))];
    for (const [index, panel] of panels.entries())
      yield { id: ++id, ...panel, datasource: DATASOURCE, gridPos: { x: index * w, y, w, h } };
    y += h;
  }
}

/**
 * A dashboard.
 * @param variables which of the variables it has, in their order
 * @param rows of the page, each with up to six panels: a number that divides 24
 */
export const board = ({ uid, title, description, variables, rows }) => ({
  uid,
  title,
  description,
  tags: ['paredao'],
  schemaVersion: 42,
  editable: false,
  graphTooltip: 1,
  timezone: 'America/Sao_Paulo',
  refresh: '5s',
  time: { from: 'now-15m', to: 'now' },
  links: [{ type: 'dashboards', title: 'Paredão', tags: ['paredao'], includeVars: true, keepTime: true }],
  templating: { list: variables.map((name) => VARIABLES[name]) },
  annotations: { list: ANNOTATIONS },
  panels: [...placed(rows)],
});
