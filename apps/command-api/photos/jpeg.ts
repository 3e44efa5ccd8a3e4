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
  let [at, frames, scans] = [2, 0, 0];
  for (;;) {
    const { marker, end } = segmentAt(bytes, at);
    if (marker === EOI) break;
    if (FRAMES.includes(marker) && ++frames > 0) checkFrame(bytes, at, end);
    const stop = marker === SOS ? endOfScan(bytes, end) : end;
    if (marker === SOS) scans++;
    if (FRAMES.includes(marker) || [SOS, DQT, DHT, DRI].includes(marker)) kept.push(bytes.subarray(at, stop));
    else if (!isDropped(marker)) throw new InvalidPhotoError('a JPEG of this kind is not taken');
    at = stop;
  }
  if (frames !== 1 || scans === 0 || scans > MAX_SCANS) throw new InvalidPhotoError('the JPEG is not one picture');
  return Buffer.concat([...kept, Buffer.from([0xff, EOI])]);
}

/** APP0–APP15, JPG extensions are not among them, and comments. */
const isDropped = (marker: number): boolean => (marker >= 0xe0 && marker <= 0xef) || marker === 0xfe;

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
