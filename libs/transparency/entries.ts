import { TransparencyError } from './transparency-error.ts';

/** Longest entry, bytes: its length is written in two. */
const MAX_ENTRY_BYTES = 0xffff;

/**
 * A bundle of entries (C2SP tlog-tiles): each with its length, big-endian, in front.
 * @throws RangeError for an entry that is longer than 65,535 bytes
 */
export function formatEntries(entries: readonly Uint8Array[]): Buffer {
  const bundle = Buffer.allocUnsafe(entries.reduce((bytes, { length }) => bytes + 2 + length, 0));
  let at = 0;
  for (const entry of entries) {
    if (entry.length > MAX_ENTRY_BYTES) throw new RangeError(`an entry of ${entry.length} bytes is too long`);
    at = bundle.writeUInt16BE(entry.length, at);
    bundle.set(entry, at);
    at += entry.length;
  }
  return bundle;
}

/**
 * The entries of a bundle, in order.
 * @throws TransparencyError `malformed-proof` for a bundle that ends in the middle of one
 */
export function parseEntries(bundle: Uint8Array): Uint8Array[] {
  const view = Buffer.from(bundle.buffer, bundle.byteOffset, bundle.byteLength);
  const entries: Uint8Array[] = [];
  for (let at = 0; at < view.length;) {
    const start = at + 2;
    const end = start <= view.length ? start + view.readUInt16BE(at) : Infinity;
    if (end > view.length) throw new TransparencyError('malformed-proof', 'a bundle of entries ends too early');
    entries.push(view.subarray(start, end));
    at = end;
  }
  return entries;
}
