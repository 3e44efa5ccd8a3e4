/** `node forward.mjs SOCKET PORT`: whoever connects to the socket speaks to the port of this network. Ends with its parent. */
import { connect, createServer } from 'node:net';

const [socket, port] = process.argv.slice(2);
const server = createServer((client) => {
  const upstream = connect(Number(port), '127.0.0.1');
  client.pipe(upstream).pipe(client);
  client.on('error', () => upstream.destroy()).on('close', () => upstream.destroy());
  upstream.on('error', () => client.destroy()).on('close', () => client.destroy());
});
server.listen(socket, () => console.log('listening'));
process.stdin.resume().once('end', () => process.exit());
