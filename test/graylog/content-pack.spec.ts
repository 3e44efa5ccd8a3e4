import { describe, expect, it } from '@jest/globals';

import { type Entity, type Rule, type Scalar, type SearchType, type Widget, pack } from './pack.ts';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
/** Kinds of entities of Graylog 7.1 that are used here, with their present version. */
const VERSIONS: Record<string, string> = { input: '1', stream: '1', search: '1', dashboard: '2' };
/** Widget types, and what of a search each shows. */
const SEARCH_TYPES: Record<string, string> = { messages: 'messages', aggregation: 'pivot' };
const VISUALISATIONS = ['bar', 'table', 'numeric'];
const COLUMNS = 12;
/** Fluent Bit's chunks have about 2 MB; as GELF a little more. */
const LARGEST_REQUEST = 4_000_000;

const ofType = (name: string): Entity[] => pack.entities.filter(({ type }) => type.name === name);

/** The content of a scalar, whose type must be what it says. */
function scalar(entry: Scalar): Scalar['@value'] {
  expect(Object.keys(entry).sort()).toEqual(['@type', '@value']);
  expect({ string: 'string', integer: 'number', boolean: 'boolean' }[entry['@type']]).toBe(typeof entry['@value']);
  return entry['@value'];
}

describe('the content pack', () => {
  it('is of version 1, has no parameters, which the loader refuses, and ids of its own', () => {
    expect(pack).toMatchObject({ v: '1', id: expect.stringMatching(UUID), parameters: [] });
    expect(pack.rev).toBeGreaterThanOrEqual(1);
    for (const field of ['name', 'summary', 'description', 'vendor', 'url'] as const)
      expect(typeof pack[field]).toBe('string');
    const ids = pack.entities.map(({ id }) => id);
    expect(ids.every((id) => UUID.test(id))).toBe(true);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('has entities that Graylog 7.1 knows', () => {
    for (const { v, type, constraints, data } of pack.entities) {
      expect(v).toBe('1');
      expect(type.version).toBe(VERSIONS[type.name]);
      expect(constraints).toEqual([{ type: 'server-version', version: '>=7.1.0' }]);
      expect(scalar(data.title)).not.toBe('');
    }
    expect(['input', 'stream', 'search', 'dashboard'].map((name) => ofType(name).length)).toEqual([1, 5, 1, 1]);
  });
});

describe('the input', () => {
  const [{ data }] = ofType('input') as [Entity];
  const configuration = Object.fromEntries(
    Object.entries(data.configuration).map(([key, entry]) => [key, scalar(entry)]),
  );

  it('takes GELF over HTTP, many lines in a request, as large as they come', () => {
    expect([scalar(data.type), scalar(data.global)]).toEqual(['org.graylog2.inputs.gelf.http.GELFHttpInput', true]);
    expect(configuration).toMatchObject({ port: 12_201, enable_bulk_receiving: true, enable_cors: false });
    expect(configuration['max_chunk_size']).toBeGreaterThan(LARGEST_REQUEST);
    expect(data.extractors).toEqual([]);
    expect(data.static_fields).toEqual({});
  });
});

describe('the streams', () => {
  /** As Graylog matches a rule. */
  const matches = (message: Record<string, string | number>, rule: Rule): boolean => {
    const content = message[String(scalar(rule.field))];
    const wanted = String(scalar(rule.value));
    const test: Record<string, () => boolean> = {
      EXACT: () => String(content) === wanted,
      SMALLER: () => Number(content) < Number(wanted),
      GREATER: () => Number(content) > Number(wanted),
    };
    return test[String(scalar(rule.type))]!() !== scalar(rule.inverted);
  };
  const streamsOf = (source: string, level: number): string[] =>
    ofType('stream')
      .filter(({ data }) => data.stream_rules.every((rule) => matches({ source, level }, rule)))
      .map(({ data }) => String(scalar(data.title)));

  it.each([
    [0, 'Erros'],
    [3, 'Erros'],
    [4, 'Avisos'],
    [5, 'Informações'],
    [6, 'Informações'],
    [7, 'Depuração'],
  ])('take a service’s line of level %i to %s, and only there', (level, title) => {
    expect(streamsOf('command-api', level)).toEqual([title]);
  });

  it.each([3, 4, 6])('take nginx’ lines, which have addresses, to their own and nowhere else (level %i)', (level) => {
    expect(streamsOf('nginx', level)).toEqual(['Acessos']);
    const keeping = ofType('stream').filter(({ data }) => scalar(data.remove_matches));
    expect(keeping.map(({ data }) => scalar(data.title))).toEqual(['Acessos']);
  });

  it('want all of their rules, are not switched off, and are not the default', () => {
    for (const { data } of ofType('stream')) {
      expect([data.matching_type, data.disabled, data.default_stream].map(scalar)).toEqual(['AND', false, false]);
      expect([data.outputs, data.alert_conditions, data.alarm_callbacks]).toEqual([[], [], []]);
    }
  });
});

describe.each(
  [...ofType('search'), ...ofType('dashboard')].map((entity) => [String(scalar(entity.data.title)), entity] as const),
)('the view %s', (title, { data, type }) => {
  const { queries } = data.search;
  const [page] = queries;
  const state = data.state[page.id]!;
  const searchOf = (widget: Widget): SearchType =>
    page.search_types.find(({ id }) => id === state.widget_mapping[widget.id]?.[0])!;

  it('has one page, which is described', () => {
    expect(data.type).toBe(type.name.toUpperCase());
    expect(queries).toHaveLength(1);
    expect(Object.keys(data.state)).toEqual([page.id]);
    expect(page).toMatchObject({ query: { type: 'elasticsearch', query_string: '' }, filters: [] });
    expect(scalar(data.summary)).not.toBe('');
    expect({ properties: data.properties, requires: data.requires }).toEqual({ properties: [], requires: {} });
    if (type.name === 'dashboard') expect(state.titles.tab).toEqual({ title });
  });

  it('has for each widget a title, a place, and a search of its kind', () => {
    const ids = state.widgets.map(({ id }) => id).sort();
    for (const part of [state.widget_mapping, state.positions, state.titles.widget])
      expect(Object.keys(part).sort()).toEqual(ids);
    expect(page.search_types).toHaveLength(ids.length);
    for (const widget of state.widgets) {
      const search = searchOf(widget);
      expect(search.type).toBe(SEARCH_TYPES[widget.type]);
      for (const field of ['timerange', 'query', 'streams', 'filters', 'filter'] as const)
        expect(widget[field]).toEqual(search[field]);
      // by level, not by stream: a stream that cannot be found stops the whole installation
      expect(widget.streams).toEqual([]);
    }
  });

  it('shows what its searches find', () => {
    for (const widget of state.widgets) {
      const [search, { config }] = [searchOf(widget), widget];
      if (widget.type === 'messages') {
        expect(config).toMatchObject({
          show_message_row: true,
          fields: expect.arrayContaining(['timestamp', 'level_name']),
        });
        expect(search.sort).toEqual([{ field: 'timestamp', order: 'DESC' }]);
        continue;
      }
      expect(VISUALISATIONS).toContain(config.visualization);
      expect(search.series.map(({ id }) => id)).toEqual(config.series.map((series) => series.function));
      const shape = (pivots: SearchType['row_groups']): unknown =>
        pivots.map(({ type: kind, fields }) => ({ kind, fields }));
      expect(shape(search.row_groups)).toEqual(shape(config.row_pivots));
      expect(shape(search.column_groups)).toEqual(shape(config.column_pivots));
      expect([search.rollup, search.sort]).toEqual([config.rollup, config.sort]);
    }
  });

  it('puts no widget onto another', () => {
    const cells = Object.values(state.positions).flatMap(({ col, row, width, height }) =>
      Array.from({ length: width * height }, (_, cell) => {
        const column = col + (cell % width);
        expect(column).toBeLessThanOrEqual(COLUMNS);
        return `${column},${row + Math.floor(cell / width)}`;
      }),
    );
    expect(new Set(cells).size).toBe(cells.length);
  });
});
