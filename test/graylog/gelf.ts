import { readFileSync } from 'node:fs';
import { parse } from 'yaml';

type Line = Readonly<Record<string, unknown>>;

interface Filter {
  readonly name: string;
  readonly nested_under?: string;
  readonly add_prefix?: string;
  readonly condition?: string;
  readonly rename?: string;
  readonly add?: readonly string[];
}

interface Output {
  readonly gelf_host_key: string;
  readonly gelf_short_message_key: string;
  readonly gelf_full_message_key: string;
  readonly gelf_level_key: string;
}

export interface FluentBit {
  readonly service: Readonly<Record<string, unknown>>;
  readonly parsers: readonly [{ readonly name: string; readonly time_key: string; readonly time_format: string }];
  readonly pipeline: {
    readonly inputs: readonly [Readonly<Record<string, unknown>>];
    readonly filters: readonly Filter[];
    readonly outputs: readonly [Output & Readonly<Record<string, unknown>>];
  };
}

/** The configuration that the stack runs. */
export const fluentBit = parse(readFileSync('graylog/fluent-bit/fluent-bit.yaml', 'utf8')) as FluentBit;

/** What Fluent Bit, by this configuration, makes of a line of a log file: a GELF message. */
export function gelfOf(text: string): Record<string, unknown> {
  const [{ time_key: timeKey }] = fluentBit.parsers;
  const { [timeKey]: time, ...line } = parsed(text, timeKey);
  const fields = fluentBit.pipeline.filters.reduce<Line>((record, filter) => filtered(record, filter), line);
  const [output] = fluentBit.pipeline.outputs;
  const standard = {
    [output.gelf_host_key]: 'host',
    [output.gelf_short_message_key]: 'short_message',
    [output.gelf_full_message_key]: 'full_message',
    [output.gelf_level_key]: 'level',
  };
  const named = Object.entries(fields).map(([key, value]) => [standard[key] ?? `_${key}`, value] as const);
  return { version: '1.1', ...Object.fromEntries(named), timestamp: Date.parse(String(time)) / 1000 };
}

/** What is no JSON comes whole, read at this moment. */
function parsed(text: string, timeKey: string): Line {
  try {
    return JSON.parse(text) as Line;
  } catch {
    return { log: text, [timeKey]: new Date().toISOString() };
  }
}

function filtered(record: Line, { name, condition, ...filter }: Filter): Line {
  const missing = /^Key_does_not_exist (\w+)$/.exec(condition ?? '')?.[1];
  if (missing !== undefined && missing in record) return record;
  if (name === 'nest') return lifted(record, filter);
  const [from = '', to = ''] = filter.rename?.split(' ') ?? [];
  const renamed = Object.entries(record).map(([key, value]) => [key === from ? to : key, value] as const);
  const added = (filter.add ?? []).map((entry) => entry.split(' ') as [string, string]);
  const missingOnes = added.map(([key, value]) => [key, numeric(value)] as const);
  return Object.fromEntries<unknown>([...missingOnes, ...renamed]);
}

function lifted(record: Line, { nested_under: under = '', add_prefix: prefix = '' }: Partial<Filter>): Line {
  const { [under]: nested, ...rest } = record;
  const entries = Object.entries(nested ?? {}).map(([key, value]) => [`${prefix}${key}`, value] as const);
  return { ...rest, ...Object.fromEntries(entries) };
}

const numeric = (text: string): string | number => (/^\d+$/.test(text) ? Number(text) : text);
