import type { Store } from './store.ts';

/** EventStoreDB up to 24.10 and KurrentDB name the same things alike, but for the first word. */
export type MetricsPrefix = 'eventstore' | 'kurrentdb';

type Labels = Readonly<Record<string, string>>;
type Family = readonly [
  name: string,
  type: 'counter' | 'gauge',
  ...series: (readonly [labels: Labels, value: number])[],
];

const QUEUES = [
  ...['Main', 'Monitoring', 'Others', 'Persistent Subscriptions', 'Readers', 'Subscriptions', 'Timer', 'Workers'],
  'Writer',
];
const OF_ALL = { otel_scope_name: 'EventStore.Core', otel_scope_version: '1.0.0' };
const RANGE = { range: '16-20 seconds' };

const each = (label: string, names: readonly string[], value: number): (readonly [Labels, number])[] =>
  names.map((name) => [{ [label]: name }, value]);

/** What a real 23.10.6 tells Prometheus, with its names and labels, of what the double has. What it does not have is 0. */
export function metricsOf(store: Store, prefix: MetricsPrefix): string {
  const { written, all } = store;
  return families(written, all.length, store.delivered)
    .flatMap(([name, type, ...series]) => [
      `# TYPE ${prefix}_${name} ${type}`,
      ...series.map(([labels, value]) => `${prefix}_${name}{${textOf({ ...OF_ALL, ...labels })}} ${value}`),
    ])
    .join('\n')
    .concat('\n');
}

const families = (written: number, events: number, delivered: number): readonly Family[] => [
  ['cache_hits_misses_total', 'counter', ...each('kind', ['hits', 'misses'], 0)],
  ['checkpoints', 'gauge', ...checkpoints(written)],
  ['current_incoming_grpc_calls', 'gauge', [{}, 0]],
  ['disk_io_bytes_total', 'counter', [{ activity: 'read' }, 0], [{ activity: 'written' }, written]],
  ['disk_io_operations_total', 'counter', [{ activity: 'read' }, 0], [{ activity: 'written' }, events]],
  [
    'incoming_grpc_calls_total',
    'counter',
    ...each('kind', ['total', 'failed', 'unimplemented', 'deadline-exceeded'], 0),
  ],
  ['io_bytes_total', 'counter', [{ activity: 'read' }, 0]],
  ['io_events_total', 'counter', [{ activity: 'read' }, delivered], [{ activity: 'written' }, events]],
  ['kestrel_connections', 'gauge', [{}, 1]],
  ['proc_thread_count', 'gauge', [{}, 1]],
  ['proc_up_time_total', 'counter', [{ pid: String(process.pid) }, Math.round(process.uptime())]],
  ['queue_busy_seconds_total', 'counter', ...each('queue', QUEUES, 0)],
  ['queue_queueing_duration_max_seconds', 'gauge', [{ name: 'Writer', ...RANGE }, 0]],
  ['statuses_total', 'counter', [{ name: 'Node', status: 'Leader' }, 1], [{ name: 'Index', status: 'Idle' }, 1]],
  ['writer_flush_duration_max_seconds', 'gauge', [RANGE, 0]],
  ['writer_flush_size_max', 'gauge', [RANGE, 0]],
];

/** Real servers export no other `read` than this one. */
const checkpoints = (written: number): (readonly [Labels, number])[] =>
  ['writer', 'index', 'replication'].map((name) => [{ name, read: 'non-flushed' }, written]);

const textOf = (labels: Labels): string =>
  Object.entries(labels)
    .map(([name, value]) => `${name}="${value}"`)
    .join();
