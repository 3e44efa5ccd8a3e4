import type { IncomingMessage } from 'node:http';
import { isIPv4, isIPv6 } from 'node:net';

/** Longest chain of trusted proxies; far more than a deployment has. */
const MAX_HOPS = 16;

const IN_BRACKETS = /^\[([^\]]*)\](?::\d{1,5})?$/;
const IPV4_WITH_PORT = /^([\d.]+):\d{1,5}$/;
const MAPPED_IPV4 = /^::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})$/;

/**
 * An IP address in its one form, whatever proxies make of it: without quotes, brackets, port and zone, an IPv6 address
 * shortened and in small letters (RFC 5952), an IPv4 address in a mapped one as itself.
 * @returns undefined for what is no address ("unknown", `_hidden`, nothing)
 */
export function addressOf(text: string): string | undefined {
  if (isIPv4(text)) return text;
  const bare = text.trim().replace(/^"(.*)"$/, '$1');
  const address = IN_BRACKETS.exec(bare)?.[1] ?? IPV4_WITH_PORT.exec(bare)?.[1] ?? bare;
  if (isIPv4(address)) return address;
  if (!isIPv6(address)) return undefined;
  const [withoutZone = ''] = address.split('%', 1);
  const shortened = new URL(`http://[${withoutZone}]`).hostname.slice(1, -1);
  const [, high, low] = MAPPED_IPV4.exec(shortened) ?? [];
  return high === undefined || low === undefined ? shortened : ipv4Of(parseInt(high, 16), parseInt(low, 16));
}

const ipv4Of = (high: number, low: number): string => [high >> 8, high & 255, low >> 8, low & 255].join('.');

/**
 * Who is behind the trusted proxies: the last address of `X-Forwarded-For` that is none of them. What is no address was
 * written by nobody that can be believed, so then the proxy that passed it on answers for it. No other header counts.
 * @returns undefined when that is who is connected
 */
export function forwardedClient(
  { headers, socket }: Pick<IncomingMessage, 'headers' | 'socket'>,
  isTrusted: (address: string) => boolean,
): string | undefined {
  const header = headers['x-forwarded-for'];
  if (typeof header !== 'string') return undefined;
  let client: string | undefined;
  let end = header.length;
  for (let hop = 0; hop < MAX_HOPS && end > 0;) {
    if (!isTrusted(client ?? socket.remoteAddress ?? '')) break;
    const comma = header.lastIndexOf(',', end - 1);
    const element = header.slice(comma + 1, end).trim();
    end = comma;
    if (element === '') continue;
    const address = addressOf(element);
    if (address === undefined) break;
    client = address;
    hop++;
  }
  return client;
}
