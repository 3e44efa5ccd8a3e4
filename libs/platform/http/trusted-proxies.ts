import proxyAddr from '@fastify/proxy-addr';

/** Addresses remembered; far more than a deployment has proxies. */
const REMEMBERED = 256;

/**
 * Says of an address whether it is one of the proxies that were named (addresses, CIDR ranges, `loopback`, …). Answers are remembered:
 * nearly every request comes from the same few proxies, and parsing an address costs a vote as much as one of its hashes.
 * @throws TypeError for a name that is no address
 */
export function trustedProxies(proxies: readonly string[]): (address: string) => boolean {
  const isTrusted = proxyAddr.compile([...proxies]);
  const known = new Map<string, boolean>();
  return (address) => {
    let trusted = known.get(address);
    if (trusted === undefined) {
      trusted = isTrusted(address, 0);
      if (known.size >= REMEMBERED) known.clear();
      known.set(address, trusted);
    }
    return trusted;
  };
}
