/** The entities of a content pack as Graylog 7.1 defines them: inputs, streams and views (saved searches, dashboards). */
import { createHash } from 'node:crypto';

const CONSTRAINTS = [{ type: 'server-version', version: '>=7.1.0' }];
const CREATED_AT = '2026-11-24T00:00:00.000Z';

/** A UUID that is the same each time for the same name. */
export const idOf = (name) =>
  createHash('sha256')
    .update(`paredao ${name}`)
    .digest('hex')
    .replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*$/, '$1-$2-$3-$4-$5');

/** A scalar, with its type beside it: a pack could have a parameter in its place. */
const value = (content) => ({
  '@type': typeof content === 'number' ? 'integer' : typeof content,
  '@value': content,
});

const values = (object) => Object.fromEntries(Object.entries(object).map(([key, content]) => [key, value(content)]));

const entity = (type, version, title, data) => ({
  v: '1',
  type: { name: type, version },
  id: idOf(`${type} ${title}`),
  data: { title: value(title), ...data },
  constraints: CONSTRAINTS,
});

/** An input, of every node. */
export const input = (title, type, configuration) =>
  entity('input', '1', title, {
    configuration: values(configuration),
    static_fields: {},
    type: value(type),
    global: value(true),
    extractors: [],
  });

/**
 * A stream of the messages that fulfil every rule.
 * @param keepsToItself whether its messages are in no other index set but its own
 */
export const stream = (title, description, rules, keepsToItself = false) =>
  entity('stream', '1', title, {
    description: value(description),
    disabled: value(false),
    matching_type: value('AND'),
    stream_rules: rules,
    alert_conditions: [],
    alarm_callbacks: [],
    outputs: [],
    default_stream: value(false),
    remove_matches: value(keepsToItself),
  });

/** One rule of a stream; `type` is EXACT, SMALLER or GREATER. */
export const rule = (field, type, content, inverted = false) =>
  values({ type, field, value: content, inverted, description: '' });

const query = (text) => ({ type: 'elasticsearch', query_string: text });
const lately = (seconds) => ({ type: 'relative', from: seconds });

/**
 * A view of one page. Each widget is `{ title, query, position, ...searchAndConfig }` from {@link messages},
 * {@link countsOverTime}, {@link countsBy} or {@link count}; `position` is `[column, row, width, height]` on twelve columns.
 */
export function view(kind, title, description, seconds, widgets) {
  const page = idOf(`page ${title}`);
  const timerange = lately(seconds);
  const shown = widgets.map((widget) => ({
    ...widget,
    id: idOf(`widget ${title} ${widget.title}`),
    searchId: idOf(`search ${title} ${widget.title}`),
    shared: { timerange, query: query(widget.query), streams: [], filter: null, filters: [] },
  }));
  const byId = (pick) => Object.fromEntries(shown.map((widget) => [widget.id, pick(widget)]));
  const searchTypes = shown.map(({ searchId, shared, search }) => ({ id: searchId, ...shared, ...search }));
  const state = {
    selected_fields: null,
    static_message_list_id: null,
    titles: { widget: byId((widget) => widget.title), ...(kind === 'dashboard' && { tab: { title } }) },
    widgets: shown.map(({ id, shared, type, config }) => ({ id, type, ...shared, config })),
    widget_mapping: byId(({ searchId }) => [searchId]),
    positions: byId(({ position: [col, row, width, height] }) => ({ col, row, width, height })),
    formatting: { highlighting: HIGHLIGHTING },
    display_mode_settings: { positions: {} },
  };
  return entity(kind, VIEW_VERSIONS[kind], title, {
    type: kind.toUpperCase(),
    summary: value(description),
    description: value(''),
    properties: [],
    requires: {},
    owner: 'admin',
    created_at: CREATED_AT,
    search: {
      queries: [{ id: page, timerange, query: query(''), filters: [], search_types: searchTypes }],
      parameters: [],
      requires: {},
      owner: 'admin',
      created_at: CREATED_AT,
    },
    state: { [page]: state },
  });
}

const VIEW_VERSIONS = { search: '1', dashboard: '2' };

/** Colours of the levels in lists of messages. */
const HIGHLIGHTING = [
  ['error', '#ff6b6b'],
  ['warn', '#ffb454'],
].map(([level, color]) => ({
  field: 'level_name',
  value: level,
  condition: 'equal',
  color: { type: 'static', color },
}));

const NEWEST_FIRST = { field: 'timestamp', order: 'DESC' };

/** Messages, newest first. */
export const messages = (fields) => ({
  type: 'messages',
  search: { type: 'messages', name: null, limit: 150, offset: 0, sort: [NEWEST_FIRST], decorators: [] },
  config: {
    fields,
    show_message_row: true,
    show_summary_row: false,
    decorators: [],
    sort: [{ type: 'pivot', field: NEWEST_FIRST.field, direction: 'Descending' }],
  },
});

const COUNT = 'count()';
const MOST_FIRST = [{ type: 'series', field: COUNT, direction: 'Descending' }];

/** Rows or columns of an aggregation: once as the search wants them, once as the widget does. */
const byField = (field, limit = 15) => ({
  search: { type: 'values', fields: [field], limit },
  widget: { type: 'values', fields: [field], config: { limit } },
});
const byTime = () => {
  const interval = { type: 'auto', scaling: 1 };
  return {
    search: { type: 'time', fields: ['timestamp'], interval },
    widget: { type: 'time', fields: ['timestamp'], config: { interval } },
  };
};

const aggregation = (visualization, visualizationConfig, rows, columns, sort) => ({
  type: 'aggregation',
  search: {
    type: 'pivot',
    name: 'chart',
    series: [{ type: 'count', id: COUNT, field: null }],
    row_groups: rows.map(({ search }) => search),
    column_groups: columns.map(({ search }) => search),
    rollup: columns.length === 0,
    sort,
  },
  config: {
    visualization,
    visualization_config: visualizationConfig,
    series: [{ function: COUNT, config: { name: null } }],
    row_pivots: rows.map(({ widget }) => widget),
    column_pivots: columns.map(({ widget }) => widget),
    row_limit: null,
    column_limit: null,
    rollup: columns.length === 0,
    event_annotation: false,
    formatting_settings: null,
    sort,
  },
});

/** Bars over time, stacked by a field. */
export const countsOverTime = (field) =>
  aggregation('bar', { barmode: 'stack', axis_type: 'linear' }, [byTime()], [byField(field)], []);

/** A table of counts: a row for each value of a field, a column for each of another. */
export const countsBy = (row, column) => aggregation('table', null, [byField(row)], [byField(column)], MOST_FIRST);

/** How many there are. */
export const count = () => aggregation('numeric', { trend: false, trend_preference: 'NEUTRAL' }, [], [], []);
