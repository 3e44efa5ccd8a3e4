import { connect } from 'node:net';

import { requestText } from './http-pool.ts';

/** Longest wait for the first frame, ms. */
const FIRST_FRAME_LIMIT_MS = 20_000;

/**
 * Opens a live stream; resolves when its first frame has come.
 * @returns closes it
 * @throws when it is refused or lost before
 */
export function openStream(url: URL, path: string, address: string): Promise<() => void> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: url.hostname, port: Number(url.port), noDelay: true });
    socket.setTimeout(FIRST_FRAME_LIMIT_MS, () => socket.destroy(new Error('no frame came')));
    let received = '';
    socket.on('data', (chunk) => {
      if (received.includes('\n\n')) return;
      received += chunk.toString('latin1');
      if (!received.includes('\n\n')) return;
      if (received.startsWith('HTTP/1.1 200')) resolve(() => socket.destroy());
      else socket.destroy(new Error(`the stream was answered with ${received.slice(9, 12)}`));
    });
    socket.on('error', reject).on('close', () => reject(new Error('the stream ended')));
    socket.write(requestText('GET', path, { headers: { 'x-forwarded-for': address } }), 'latin1');
  });
}
