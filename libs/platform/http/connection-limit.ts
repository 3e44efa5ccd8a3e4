import { clientOf } from './rate-limit.ts';

/** Open connections of a client address: thousands of people may share one, and each browser opens a few. */
const MAX_OF_CLIENT = 1000;

/** What is looked at of a socket. */
interface Connection {
  readonly remoteAddress?: string | undefined;
  once(event: 'close', listener: () => void): unknown;
}

/** Keeps the connections of each client address within a share, so that few addresses cannot take all there are. */
export class ConnectionLimit {
  private readonly open = new Map<string, number>();

  /** @param isTrusted proxies, each of which brings the connections of many */
  constructor(private readonly isTrusted: (address: string) => boolean = () => false) {}

  /** Whether a new connection may stay; if so it counts until it closes. */
  admits(socket: Connection): boolean {
    const address = socket.remoteAddress;
    // it is gone already
    if (address === undefined) return false;
    if (this.isTrusted(address)) return true;
    const client = clientOf({ ip: address });
    if ((this.open.get(client) ?? 0) >= MAX_OF_CLIENT) return false;
    this.count(client, 1);
    socket.once('close', () => this.count(client, -1));
    return true;
  }

  private count(client: string, one: 1 | -1): void {
    const now = (this.open.get(client) ?? 0) + one;
    if (now === 0) this.open.delete(client);
    else this.open.set(client, now);
  }
}
