import { connect } from 'node:net';

/** Silence after which the server is taken to say nothing more, ms. */
const SILENCE_MS = 2000;

/** Sends bytes as they are, HTTP or not, and returns all that comes back until the server hangs up. */
export function raw(port: number, bytes: Buffer | string): Promise<string> {
  return new Promise((resolve) => {
    let received = '';
    const socket = connect({ host: '127.0.0.1', port });
    socket.setTimeout(SILENCE_MS, () => socket.destroy());
    socket.setEncoding('utf8').on('data', (text: string) => (received += text));
    socket.on('error', () => undefined);
    socket.once('close', () => resolve(received));
    socket.write(bytes);
  });
}
