/** One port for both kinds of clients, as KurrentDB has it: the double has one for gRPC and one for what asks by HTTP/1. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { createInterface } from 'node:readline';

const PORT = 2113;
const GRPC_PORT = 12_113;
const HTTP_PORT = 12_114;
const HTTP2 = 'PRI * HTTP/2';

const ports = ['--port', String(GRPC_PORT), '--http', String(HTTP_PORT)];
const double = spawn(
  process.execPath,
  ['dist/test/eventstoredb-double/main.js', ...ports, '--data', '/var/lib/kurrentdb/events'],
  { cwd: import.meta.dirname, stdio: ['ignore', 'pipe', 'inherit'] },
);
double.once('exit', (code) => process.exit(code ?? 1));
for (const signal of ['SIGTERM', 'SIGINT']) process.on(signal, () => double.kill(signal));
await once(createInterface(double.stdout), 'line');

createServer((client) => {
  client.on('error', () => client.destroy());
  client.once('data', (first) => {
    client.pause();
    client.unshift(first);
    const isHttp2 = first.toString('latin1').startsWith(HTTP2);
    const server = connect(isHttp2 ? GRPC_PORT : HTTP_PORT, '127.0.0.1');
    server.on('error', () => client.destroy());
    client.on('close', () => server.destroy());
    client.pipe(server).pipe(client);
  });
}).listen(PORT, '0.0.0.0');
