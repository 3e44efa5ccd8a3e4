// ignoreBOM: a byte order mark is a part of what was signed, not something to skip
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** The text that bytes are in UTF-8; undefined for bytes that are none. Nothing here needs Node: pages read with this file as well. */
export function utf8(bytes: Uint8Array): string | undefined {
  try {
    return decoder.decode(bytes);
  } catch {
    return undefined;
  }
}
