import { isIPv4, isIPv6 } from 'node:net';

/** 32-bit words of an address; IPv4 is mapped into IPv6 (RFC 4291, 2.5.5.2), so that one order holds for both. */
export const WORDS = 4;
const MAPPED = 0xffff;

/**
 * Reads an address into four words. IPv4, which most are, is read without a look at the rest: every request comes by here.
 * @returns false for what is no address
 */
export function readAddress(text: string, words: Uint32Array): boolean {
  const ipv4 = readIpv4(text);
  if (ipv4 !== undefined) {
    words[0] = words[1] = 0;
    words[2] = MAPPED;
    words[3] = ipv4;
    return true;
  }
  const address = text.split('%', 1)[0] ?? '';
  if (!isIPv6(address)) return false;
  const groups = groupsOf(address);
  for (let word = 0; word < WORDS; word++) words[word] = (groups[2 * word]! << 16) | groups[2 * word + 1]!;
  return true;
}

function readIpv4(text: string): number | undefined {
  if (text.length > 15) return undefined;
  let [address, octet, digits, dots] = [0, 0, 0, 0];
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code === 46 && digits > 0 && dots < 3) {
      address = (address << 8) | octet;
      octet = digits = 0;
      dots++;
    } else if (code >= 48 && code <= 57 && digits < 3) {
      octet = octet * 10 + code - 48;
      digits++;
    } else return undefined;
    if (octet > 255) return undefined;
  }
  return dots === 3 && digits > 0 ? ((address << 8) | octet) >>> 0 : undefined;
}

/** The eight groups of a valid IPv6 address. */
function groupsOf(address: string): number[] {
  const [head = '', tail] = withoutDots(address).split('::', 2);
  const numbers = (part: string): number[] => (part === '' ? [] : part.split(':').map((group) => parseInt(group, 16)));
  const [left, right] = [numbers(head), numbers(tail ?? '')];
  return [...left, ...new Array<number>(8 - left.length - right.length).fill(0), ...right];
}

/** The last 32 bits may be written as IPv4. */
function withoutDots(address: string): string {
  const at = address.lastIndexOf(':') + 1;
  const last = address.slice(at);
  if (!isIPv4(last)) return address;
  const value = readIpv4(last) ?? 0;
  return `${address.slice(0, at)}${(value >>> 16).toString(16)}:${(value & 0xffff).toString(16)}`;
}

/** The address that four words from `at` on stand for, in the usual form (RFC 5952). */
export function addressText(words: Uint32Array, at: number): string {
  const [one, two, three, last] = [words[at]!, words[at + 1]!, words[at + 2]!, words[at + 3]!];
  if (one === 0 && two === 0 && three === MAPPED) return [24, 16, 8, 0].map((bits) => (last >>> bits) & 255).join('.');
  const groups = [one, two, three, last].flatMap((word) => [word >>> 16, word & 0xffff]);
  // URLs have the usual form, and the platform knows how to make it
  return new URL(`http://[${groups.map((group) => group.toString(16)).join(':')}]`).hostname.slice(1, -1);
}
