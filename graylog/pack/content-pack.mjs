/**
 * What Graylog is to know of this service, as one content pack: where logs come in, streams by level, a saved search and a
 * dashboard. `npm run generate` writes it to graylog/content-packs/paredao.json, which Graylog installs when it starts.
 *
 * Graylog never reads a revision anew that it has stored: after a change here, `rev` goes up by one. The old installation
 * is then taken away by graylog/init.mjs.
 */
import { count, countsBy, countsOverTime, idOf, input, messages, rule, stream, view } from './entities.mjs';

/** GELF over HTTP. In bulk: without it only the first line of a request is read. */
const gelf = input('GELF HTTP', 'org.graylog2.inputs.gelf.http.GELFHttpInput', {
  bind_address: '0.0.0.0',
  port: 12201,
  enable_bulk_receiving: true,
  enable_cors: false,
  recv_buffer_size: 1_048_576,
  max_chunk_size: 8_388_608,
  decompress_size_limit: 67_108_864,
  idle_writer_timeout: 60,
  number_worker_threads: 2,
  tcp_keepalive: false,
  tls_enable: false,
  tls_cert_file: '',
  tls_key_file: '',
  tls_key_password: '',
  tls_client_auth: 'disabled',
  tls_client_auth_cert_file: '',
  charset_name: 'UTF-8',
});

const fromNginx = rule('source', 'EXACT', 'nginx');
const notFromNginx = rule('source', 'EXACT', 'nginx', true);

/** `level` is that of syslog (RFC 5424): 3 and less is an error, 4 a warning, 5 and 6 tell, 7 is for looking closely. */
const byLevel = [
  stream('Erros', 'Linhas dos serviços em nível error ou mais grave', [notFromNginx, rule('level', 'SMALLER', '4')]),
  stream('Avisos', 'Linhas dos serviços em nível warn', [notFromNginx, rule('level', 'EXACT', '4')]),
  stream('Informações', 'Linhas dos serviços em nível info', [
    notFromNginx,
    rule('level', 'GREATER', '4'),
    rule('level', 'SMALLER', '7'),
  ]),
  stream('Depuração', 'Linhas dos serviços em nível debug', [notFromNginx, rule('level', 'EXACT', '7')]),
];

/** The only lines with addresses, those of the staff: they are nowhere else, so that they can be deleted in time. */
const access = stream(
  'Acessos',
  'O log de acesso do nginx, com endereços só das rotas da equipe: guardado por seis meses',
  [fromNginx],
  true,
);

const FIELDS = ['timestamp', 'level_name', 'source', 'message', 'route', 'status', 'duration_ms', 'code', 'request_id'];

const liveSearch = view(
  'search',
  'Eventos em tempo real por nível',
  'Tudo o que os serviços e o nginx dizem, por nível (Error, Warning, Info, Debug), do mais novo ao mais antigo',
  900,
  [
    { title: 'Eventos por nível', query: '', position: [1, 1, 12, 3], ...countsOverTime('level_name') },
    { title: 'Eventos', query: '', position: [1, 4, 12, 8], ...messages(FIELDS) },
  ],
);

const dashboard = view(
  'dashboard',
  'Paredão: eventos por nível',
  'Quantos eventos de cada nível, os últimos erros e avisos, e de que serviço e rota vêm',
  900,
  [
    { title: 'Eventos por nível', query: '', position: [1, 1, 8, 4], ...countsOverTime('level_name') },
    { title: 'Erros', query: 'level:<=3', position: [9, 1, 2, 2], ...count() },
    { title: 'Avisos', query: 'level:4', position: [11, 1, 2, 2], ...count() },
    { title: 'Informações', query: 'level:[5 TO 6]', position: [9, 3, 2, 2], ...count() },
    { title: 'Depuração', query: 'level:7', position: [11, 3, 2, 2], ...count() },
    {
      title: 'Votos parados',
      query: '"votes come in and none is stored"',
      position: [1, 21, 12, 4],
      ...messages(FIELDS),
    },
    { title: 'Por serviço', query: '', position: [1, 5, 6, 4], ...countsBy('source', 'level_name') },
    { title: 'Por rota', query: '_exists_:route', position: [7, 5, 6, 4], ...countsBy('route', 'status') },
    { title: 'Últimos erros', query: 'level:<=3', position: [1, 9, 12, 6], ...messages([...FIELDS, 'err_type']) },
    { title: 'Últimos avisos', query: 'level:4', position: [1, 15, 12, 6], ...messages(FIELDS) },
  ],
);

export default {
  v: '1',
  id: idOf('content pack'),
  rev: 3,
  name: 'Paredão',
  summary: 'Entrada GELF, fluxos por nível, busca salva e painel do Paredão',
  description: 'Gerado de graylog/pack: não mude aqui.',
  vendor: 'Paredão',
  url: '',
  parameters: [],
  entities: [gelf, ...byLevel, access, liveSearch, dashboard],
};
