import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { readFileSync } from 'node:fs';

import { eventually } from '../support/eventually.ts';
import { Server } from '../support/server.ts';
import { fluentBit, gelfOf } from './gelf.ts';

const POLL = { titulo: 'Quem fica?', participantes: [{ nome: 'Ana Aurora' }, { nome: 'Bento Brisa' }] };
const LINE = {
  level: 'info',
  asctime: '2026-11-24T02:00:00.123Z',
  backend: 'command-api',
  syslog: 6,
  request_id: '0123456789abcdef',
  route: '/votar/:participante',
  status: 201,
  duration_ms: 3.25,
  position: '42',
  mensagem: 'vote stored',
};

/** GELF 1.1, with its rules for additional fields. */
function expectGelf(message: Record<string, unknown>): void {
  const { version, host, short_message: text, timestamp, level, full_message: full, ...additional } = message;
  expect({ version, host, text }).toEqual({
    version: '1.1',
    host: expect.stringMatching(/./),
    text: expect.stringMatching(/./),
  });
  expect(Number(timestamp)).toBeGreaterThan(1_700_000_000);
  expect([0, 1, 2, 3, 4, 5, 6, 7]).toContain(level);
  expect(['string', 'undefined']).toContain(typeof full);
  for (const [key, value] of Object.entries(additional)) {
    expect(key).toMatch(/^_[\w.-]+$/);
    expect(key).not.toBe('_id');
    // Graylog has a field `level` already, and would drop the second
    expect(key).not.toBe('_level');
    expect({ key, type: typeof value }).toEqual({ key, type: expect.stringMatching(/^(string|number)$/) });
  }
}

describe('a line as a GELF message', () => {
  it('has its message, service, level and time where GELF wants them, and everything else beside', () => {
    const message = gelfOf(JSON.stringify(LINE));
    expectGelf(message);
    expect(message).toEqual({
      version: '1.1',
      host: 'command-api',
      short_message: 'vote stored',
      level: 6,
      timestamp: 1_795_485_600.123,
      _level_name: 'info',
      _request_id: LINE.request_id,
      _route: LINE.route,
      _status: 201,
      _duration_ms: 3.25,
      _position: '42',
    });
  });

  it('has the stack of an error as its full message, its type and message as fields', () => {
    const err = { type: 'EventLogUnavailableError', message: 'no answer', stack: 'Error: no answer\n    at x' };
    const message = gelfOf(JSON.stringify({ ...LINE, level: 'error', syslog: 3, err }));
    expectGelf(message);
    expect(message).toMatchObject({
      level: 3,
      full_message: err.stack,
      _err_type: err.type,
      _err_message: err.message,
    });
  });

  it.each([
    '{"level":"info","asctime":"2026-11-24T02:0',
    'Segmentation fault',
    '{"asctime":"2026-11-24T02:00:00.000Z"}',
  ])('is a warning when it is none of ours: %s', (text) => {
    const message = gelfOf(text);
    expectGelf(message);
    expect(message).toMatchObject({ level: 4, _level_name: 'warn' });
  });
});

describe('the lines of a real run', () => {
  it('are all of the kind', async () => {
    const server = await Server.start({ program: 'command-api', env: { LOG_LEVEL: 'debug' } });
    const client = server.client();
    await client.admin('POST', '/paredoes', POLL);
    await eventually(
      () => client.get('/desafio'),
      ({ status }) => status === 200,
    );
    await client.cast(1);
    await client.vote(9, await client.solved());
    await server.stop();
    const lines = server.log();
    expect(lines.length).toBeGreaterThan(5);
    for (const line of lines) expectGelf(gelfOf(JSON.stringify(line)));
  });
});

describe('the configuration of Fluent Bit', () => {
  const { service, parsers, pipeline } = fluentBit;
  const { inputs, outputs } = pipeline;
  const [input, output] = [inputs[0], outputs[0]];

  it('loses nothing: offsets and chunks are files, reading stops when there are too many, sending never does', () => {
    expect(input).toMatchObject({
      db: '/var/lib/fluent-bit/offsets.db',
      read_from_head: true,
      'db.compare_filename': true,
      'storage.type': 'filesystem',
      'storage.pause_on_chunks_overlimit': 'on',
    });
    expect(service).toMatchObject({ 'storage.path': '/var/lib/fluent-bit/chunks', 'storage.max_chunks_up': 64 });
    expect(output['retry_limit']).toBe('no_limits');
    // it would throw the oldest away
    expect(output).not.toHaveProperty(['storage.total_limit_size']);
  });

  it('reads where the services log, and sends to where Graylog listens', () => {
    interface Service {
      readonly volumes: readonly string[];
      readonly command: readonly string[];
    }
    const { services } = parse(readFileSync('docker-compose.yml', 'utf8'), { merge: true }) as {
      services: Record<string, Service>;
    };
    expect(input['path']).toBe('/var/log/paredao/*.log');
    for (const name of ['command-api', 'projector', 'query-api', 'audit-api', 'nginx', 'log-keeper'])
      expect(services[name]?.volumes).toContain('logs:/var/log/paredao');
    for (const name of ['command-api', 'projector', 'query-api', 'audit-api'])
      expect(services[name]?.command.join(' ')).toContain(`LOG_FILE=/var/log/paredao/${name}-$$HOSTNAME.log exec node`);
    expect(services['log-keeper']?.command).toContain(input['db']);
    const pack = readFileSync('graylog/content-packs/paredao.json', 'utf8');
    expect(output).toMatchObject({ name: 'http', format: 'gelf', host: 'graylog', port: 12_201, uri: '/gelf' });
    expect(pack).toContain(`"port": { "@type": "integer", "@value": ${String(output['port'])} }`);
  });

  it('takes the time that the services and nginx write', () => {
    expect(parsers).toEqual([
      expect.objectContaining({ name: input['parser'], time_key: 'asctime', time_format: '%Y-%m-%dT%H:%M:%S.%L%z' }),
    ]);
  });
});
