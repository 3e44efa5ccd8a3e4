import { InvalidPhotoError, assertSize } from './image.ts';

/** Markers of ITU-T T.81, annex B. */
const [SOI, EOI, SOS, DQT, DHT, DRI] = [0xd8, 0xd9, 0xda, 0xdb, 0xc4, 0xdd];
/** Baseline, extended and progressive frames: what browsers show. */
const FRAMES = [0xc0, 0xc1, 0xc2];
/** A progressive picture has about ten; thousands would keep a browser busy. */
const MAX_SCANS = 50;

/**
 * The same picture with only the segments that draw it. Application segments (EXIF with its place and time, XMP, profiles, thumbnails),
 * comments, and what stands behind the end are gone.
 * @throws InvalidPhotoError
 */
export function sanitiseJpeg(bytes: Buffer): Buffer {
  const kept: Buffer[] = [Buffer.from([0xff, SOI])];
  const seen = { frame: 0, scan: 0, table: 0, dropped: 0 };
  for (let at = 2; ;) {
    const { marker, end } = segmentAt(bytes, at);
    if (marker === EOI) break;
    const kind = kindOf(marker);
    seen[kind]++;
    if (kind === 'frame') checkFrame(bytes, at, end);
    const stop = kind === 'scan' ? endOfScan(bytes, end) : end;
    if (kind !== 'dropped') kept.push(bytes.subarray(at, stop));
    at = stop;
  }
  if (seen.frame !== 1 || seen.scan === 0 || seen.scan > MAX_SCANS) {
    throw new InvalidPhotoError('the JPEG is not one picture');
  }
  return Buffer.concat([...kept, Buffer.from([0xff, EOI])]);
}

/** Dropped are APP0 to APP15 and comments. */
function kindOf(marker: number): 'frame' | 'scan' | 'table' | 'dropped' {
  if (FRAMES.includes(marker)) return 'frame';
  if (marker === SOS) return 'scan';
  if ([DQT, DHT, DRI].includes(marker)) return 'table';
  if ((marker >= 0xe0 && marker <= 0xef) || marker === 0xfe) return 'dropped';
  throw new InvalidPhotoError('a JPEG of this kind is not taken');
}

function segmentAt(bytes: Buffer, at: number): { marker: number; end: number } {
  const marker = bytes[at + 1] ?? 0;
  if (bytes[at] !== 0xff || marker < 0xc0) throw new InvalidPhotoError('the JPEG is damaged, or has no end');
  if (marker === EOI) return { marker, end: at + 2 };
  const end = at + 4 <= bytes.length ? at + 2 + bytes.readUInt16BE(at + 2) : Infinity;
  if (end > bytes.length || end < at + 4) throw new InvalidPhotoError('a segment of the JPEG is damaged');
  return { marker, end };
}

function checkFrame(bytes: Buffer, at: number, end: number): void {
  if (end < at + 10) throw new InvalidPhotoError('the frame of the JPEG is damaged');
  const components = bytes[at + 9];
  if (components !== 1 && components !== 3) throw new InvalidPhotoError('the JPEG is neither grey nor in colour');
  assertSize(bytes.readUInt16BE(at + 7), bytes.readUInt16BE(at + 5));
}

/** A scan ends at the first marker that is neither a stuffed byte nor a restart. */
function endOfScan(bytes: Buffer, from: number): number {
  for (let at = bytes.indexOf(0xff, from); at !== -1 && at + 1 < bytes.length; at = bytes.indexOf(0xff, at + 1)) {
    const next = bytes[at + 1]!;
    if (next !== 0x00 && next !== 0xff && (next < 0xd0 || next > 0xd7)) return at;
  }
  throw new InvalidPhotoError('the JPEG has no end');
}
