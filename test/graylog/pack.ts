import { readFileSync } from 'node:fs';

/** A scalar of a content pack, its type beside it. */
export interface Scalar {
  readonly '@type': 'string' | 'integer' | 'boolean';
  readonly '@value': string | number | boolean;
}

export type Rule = Readonly<Record<'type' | 'field' | 'value' | 'inverted' | 'description', Scalar>>;

interface Pivot {
  readonly type: string;
  readonly fields: readonly string[];
}

/** What a search type and the widget that shows it have in common. */
interface Scope {
  readonly id: string;
  readonly type: string;
  readonly timerange: object;
  readonly query: { readonly type: string; readonly query_string: string };
  readonly streams: readonly string[];
  readonly filter: null;
  readonly filters: readonly object[];
}

export interface SearchType extends Scope {
  readonly series: readonly { readonly id: string }[];
  readonly row_groups: readonly Pivot[];
  readonly column_groups: readonly Pivot[];
  readonly rollup: boolean;
  readonly sort: readonly object[];
}

export interface Widget extends Scope {
  readonly config: {
    readonly visualization: string;
    readonly series: readonly { readonly function: string }[];
    readonly row_pivots: readonly Pivot[];
    readonly column_pivots: readonly Pivot[];
    readonly rollup: boolean;
    readonly sort: readonly object[];
  };
}

interface State {
  readonly titles: { readonly widget: Readonly<Record<string, string>>; readonly tab?: { readonly title: string } };
  readonly widgets: readonly Widget[];
  readonly widget_mapping: Readonly<Record<string, readonly [string]>>;
  readonly positions: Readonly<Record<string, Readonly<Record<'col' | 'row' | 'width' | 'height', number>>>>;
}

/** Fields of inputs, of streams and of views: each entity has those of its kind. */
interface Data {
  readonly title: Scalar;
  readonly type: Scalar & string;
  readonly configuration: Readonly<Record<string, Scalar>>;
  readonly global: Scalar;
  readonly extractors: readonly object[];
  readonly static_fields: object;
  readonly stream_rules: readonly Rule[];
  readonly matching_type: Scalar;
  readonly disabled: Scalar;
  readonly default_stream: Scalar;
  readonly remove_matches: Scalar;
  readonly outputs: readonly object[];
  readonly alert_conditions: readonly object[];
  readonly alarm_callbacks: readonly object[];
  readonly summary: Scalar;
  readonly properties: readonly string[];
  readonly requires: object;
  readonly search: { readonly queries: readonly [Page, ...Page[]] };
  readonly state: Readonly<Record<string, State>>;
}

interface Page {
  readonly id: string;
  readonly query: object;
  readonly filters: readonly object[];
  readonly search_types: readonly SearchType[];
}

export interface Entity {
  readonly v: string;
  readonly id: string;
  readonly type: { readonly name: string; readonly version: string };
  readonly constraints: readonly object[];
  readonly data: Data;
}

interface Pack {
  readonly v: string;
  readonly id: string;
  readonly rev: number;
  readonly name: string;
  readonly summary: string;
  readonly description: string;
  readonly vendor: string;
  readonly url: string;
  readonly parameters: readonly object[];
  readonly entities: readonly Entity[];
}

/** What Graylog is given to install. */
export const pack = JSON.parse(readFileSync('graylog/content-packs/paredao.json', 'utf8')) as Pack;
