import { lines } from '../lib/panels.mjs';

/** The event store's metrics were called eventstore_ before it was called KurrentDB. */
const eventStore = (name, labels = '') => `{__name__=~"(kurrentdb|eventstore)_${name}"${labels}}`;

/** The part of the infrastructure that is not ours: rows of its board. */
export const servers = [
  {
    title: 'nginx',
    panels: [
      lines({
        title: 'Conexões',
        description: 'Conexões de clientes, por estado.',
        unit: 'short',
        queries: ['active', 'reading', 'writing', 'waiting'].map((state) => [`sum(nginx_connections_${state})`, state]),
      }),
      lines({
        title: 'Requisições',
        description: 'Tudo o que chega à única porta pública, páginas incluídas.',
        unit: 'reqps',
        queries: [['sum(rate(nginx_http_requests_total[$__rate_interval]))', 'requisições']],
      }),
    ],
  },
  {
    title: 'Bancos',
    panels: [
      lines({
        title: 'EventStoreDB: log',
        description: 'Bytes por segundo que o log cresce.',
        unit: 'Bps',
        queries: [
          [
            `sum by (instance) (rate(${eventStore('checkpoints', ',name="writer",read="non-flushed"')}[$__rate_interval]))`,
            '{{instance}}',
          ],
        ],
      }),
      lines({
        title: 'EventStoreDB: disco',
        description: 'Bytes lidos e escritos por segundo.',
        unit: 'Bps',
        queries: [
          [`sum by (activity) (rate(${eventStore('disk_io_bytes(_total)?')}[$__rate_interval]))`, '{{activity}}'],
        ],
      }),
      lines({
        title: 'MongoDB: operações',
        description: 'Operações por segundo, por tipo.',
        unit: 'ops',
        queries: [['sum by (legacy_op_type) (rate(mongodb_ss_opcounters[$__rate_interval]))', '{{legacy_op_type}}']],
      }),
      lines({
        title: 'MongoDB: conexões',
        description: 'Conexões abertas de cada membro.',
        unit: 'short',
        queries: [['mongodb_ss_connections{conn_type="current"}', '{{instance}}']],
      }),
    ],
  },
  {
    title: 'Containers e logs',
    panels: [
      lines({
        title: 'CPU',
        description: 'Núcleos que cada container ocupa.',
        unit: 'short',
        queries: [['sum by (name) (rate(container_cpu_usage_seconds_total{name!=""}[$__rate_interval]))', '{{name}}']],
      }),
      lines({
        title: 'Memória',
        description: 'Memória de cada container, como parte do seu limite.',
        unit: 'percentunit',
        max: 1,
        queries: [
          [
            'sum by (name) (container_memory_working_set_bytes{name!=""}) / sum by (name) (container_spec_memory_limit_bytes{name!=""} > 0)',
            '{{name}}',
          ],
        ],
      }),
      lines({
        title: 'Linhas a caminho do Graylog',
        description:
          'Linhas entregues por segundo e envios repetidos: com o Graylog fora do ar só há repetidos, e nada se perde.',
        unit: 'cps',
        queries: [
          ['sum(rate(fluentbit_output_proc_records_total[$__rate_interval]))', 'entregues'],
          ['sum(rate(fluentbit_output_retries_total[$__rate_interval]))', 'repetidos'],
        ],
      }),
    ],
  },
];
