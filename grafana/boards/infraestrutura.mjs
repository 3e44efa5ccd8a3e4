import { board } from '../lib/board.mjs';
import { lines, number, table } from '../lib/panels.mjs';
import { chosen, max, rate, sum } from '../lib/queries.mjs';
import { servers } from './servidores.mjs';

const PROCESS = ['service', 'instance'];
const NAME = '{{service}} {{instance}}';

/** Of a server behind an exporter, which goes on answering without it; and without the exporter nobody knows. */
const isServerUp = (title, job) => isUp(title, job, `avg(${job}_up or on (instance) up{job="${job}"})`);

const isUp = (title, job, query = `avg(up{job="${job}"})`) =>
  number({
    title,
    description: 'Parte dos processos que respondem com suas métricas, ou ao seu exportador.',
    unit: 'percentunit',
    query,
    steps: [
      [0, 'red'],
      [1, 'green'],
    ],
  });

export default board({
  uid: 'paredao-infraestrutura',
  title: 'Infraestrutura',
  description: 'Processos, máquina, bancos e containers: uso, saturação e erros.',
  variables: ['datasource', 'service', 'instance'],
  rows: [
    {
      title: 'No ar',
      panels: [
        isUp('Serviços', 'paredao'),
        isUp('EventStoreDB', 'eventstoredb'),
        isServerUp('MongoDB', 'mongodb'),
        isServerUp('nginx', 'nginx'),
        isUp('Máquina', 'node'),
        isUp('Containers', 'containers'),
      ],
    },
    {
      title: 'Processos',
      panels: [
        lines({
          title: 'CPU',
          description: 'Núcleos que cada processo ocupa; um processo de Node usa pouco mais que um.',
          unit: 'short',
          queries: [[sum(rate(chosen('process_cpu_seconds_total')), ...PROCESS), NAME]],
        }),
        lines({
          title: 'Memória',
          description: 'Memória residente de cada processo; o container tem 512 MB.',
          unit: 'bytes',
          queries: [[max(chosen('process_resident_memory_bytes'), ...PROCESS), NAME]],
        }),
        lines({
          title: 'Heap',
          description: 'Parte em uso do heap de JavaScript.',
          unit: 'bytes',
          queries: [[max(chosen('nodejs_heap_size_used_bytes'), ...PROCESS), NAME]],
        }),
        lines({
          title: 'Descritores',
          description: 'Arquivos e conexões abertos.',
          unit: 'short',
          queries: [[max(chosen('process_open_fds'), ...PROCESS), NAME]],
        }),
      ],
    },
    {
      title: 'Versões',
      panels: [
        table({
          title: 'O que está no ar',
          description: 'Versão e commit de cada processo.',
          unit: 'short',
          query: chosen('build_info'),
          columns: ['service', 'instance', 'version', 'commit'],
        }),
        lines({
          title: 'Tempo no ar',
          description: 'Desde o começo do processo: uma queda é um reinício.',
          unit: 's',
          queries: [[`time() - ${max(chosen('process_start_time_seconds'), ...PROCESS)}`, NAME]],
        }),
      ],
    },
    {
      title: 'Máquina',
      panels: [
        lines({
          title: 'CPU',
          description: 'Parte do tempo em que os núcleos trabalham.',
          unit: 'percentunit',
          max: 1,
          queries: [
            ['1 - avg by (instance) (rate(node_cpu_seconds_total{mode="idle"}[$__rate_interval]))', '{{instance}}'],
          ],
        }),
        lines({
          title: 'Memória livre',
          description: 'Memória que ainda se pode dar a um processo.',
          unit: 'bytes',
          queries: [['node_memory_MemAvailable_bytes', '{{instance}}']],
        }),
        lines({
          title: 'Disco livre',
          description: 'Parte livre do disco de Docker. Disco cheio: nenhum voto é gravado.',
          unit: 'percentunit',
          max: 1,
          queries: [['node_filesystem_avail_bytes / node_filesystem_size_bytes', '{{instance}} {{mountpoint}}']],
        }),
        lines({
          title: 'Disco ocupado',
          description: 'Parte do tempo em que o disco tem o que fazer.',
          unit: 'percentunit',
          queries: [['rate(node_disk_io_time_seconds_total[$__rate_interval])', '{{instance}} {{device}}']],
        }),
      ],
    },
    ...servers,
  ],
});
