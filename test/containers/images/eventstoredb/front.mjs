/**
 * One port for both kinds of clients, as KurrentDB has it: HTTP/2 goes to the double, which speaks gRPC; HTTP/1 is answered
 * here, as far as health checks and Prometheus ask.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer as createHttpServer } from 'node:http';
import { connect, createServer } from 'node:net';
import { createInterface } from 'node:readline';

const PORT = 2113;
const GRPC_PORT = 12_113;
const HTTP2 = 'PRI * HTTP/2';

const double = spawn(
  process.execPath,
  ['dist/test/eventstoredb-double/main.js', '--port', String(GRPC_PORT), '--data', '/var/lib/kurrentdb/events'],
  { cwd: import.meta.dirname, stdio: ['ignore', 'pipe', 'inherit'] },
);
double.once('exit', (code) => process.exit(code ?? 1));
for (const signal of ['SIGTERM', 'SIGINT']) process.on(signal, () => double.kill(signal));
await once(createInterface(double.stdout), 'line');

const http = createHttpServer(({ url }, response) => {
  if (url === '/health/live') return response.writeHead(204).end();
  if (url !== '/metrics') return response.writeHead(404).end();
  response.writeHead(200, { 'content-type': 'text/plain; version=0.0.4' });
  response.end('# TYPE kurrentdb_proc_up_time_seconds counter\nkurrentdb_proc_up_time_seconds 1\n');
});

createServer((client) => {
  client.on('error', () => client.destroy());
  client.once('data', (first) => {
    client.pause();
    client.unshift(first);
    if (!first.toString('latin1').startsWith(HTTP2)) {
      http.emit('connection', client);
      return client.resume();
    }
    const server = connect(GRPC_PORT, '127.0.0.1');
    server.on('error', () => client.destroy());
    client.on('close', () => server.destroy());
    client.pipe(server).pipe(client);
  });
}).listen(PORT, '0.0.0.0');
