import { InvalidPhotoError, assertSize } from './image.ts';

/** Markers of ITU-T T.81, annex B. */
const [SOI, EOI, SOS, DQT, DHT, DRI] = [0xd8, 0xd9, 0xda, 0xdb, 0xc4, 0xdd];
/** Baseline, extended and progressive frames: what browsers show. */
const FRAMES = [0xc0, 0xc1, 0xc2];
/** A progressive picture has about ten scans, with a few tables for each; thousands would keep a browser busy. */
const MAX_SCANS = 50;
const MAX_TABLES = 4 * MAX_SCANS;

/**
 * The same picture with only the segments that draw it. Application segments (EXIF with its place and time, XMP, profiles, thumbnails),
 * comments, and what stands behind the end are gone. Segments are as long as their contents say. The compressed pixels of a scan are copied
 * as they are, not decoded: somebody who makes a picture for it can put bytes there that no viewer shows.
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
    CHECKS[kind]?.(bytes.subarray(at + 4, end), marker);
    const stop = kind === 'scan' ? endOfScan(bytes, end) : end;
    if (kind !== 'dropped') kept.push(bytes.subarray(at, stop));
    at = stop;
  }
  if (seen.frame !== 1 || seen.scan === 0 || seen.scan > MAX_SCANS || seen.table > MAX_TABLES) {
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

/** What a segment must look like, behind its length. */
const CHECKS: Partial<Record<string, (data: Buffer, marker: number) => void>> = {
  frame: (data) => {
    const components = data[5] ?? 0;
    if (components !== 1 && components !== 3) throw new InvalidPhotoError('the JPEG is neither grey nor in colour');
    assertLength(data, 6 + 3 * components);
    assertSize(data.readUInt16BE(3), data.readUInt16BE(1));
  },
  scan: (data) => {
    assertLength(data, 4 + 2 * (data[0] ?? 0));
  },
  table: (data, marker) => {
    if (marker === DRI) assertLength(data, 2);
    for (let at = 0; marker !== DRI && at < data.length;) {
      at += marker === DQT ? quantisationLength(data, at) : huffmanLength(data, at);
      if (at > data.length) throw damaged();
    }
  },
};

const damaged = (): InvalidPhotoError => new InvalidPhotoError('a segment of the JPEG is damaged');

function assertLength(data: Buffer, length: number): void {
  if (data.length !== length) throw damaged();
}

/** B.2.4.1: precision and place, then 64 numbers of one or two bytes. */
function quantisationLength(data: Buffer, at: number): number {
  const [precision, place] = [data[at]! >> 4, data[at]! & 15];
  if (precision > 1 || place > 3) throw damaged();
  return 1 + 64 * (precision + 1);
}

/** B.2.4.2: class and place, then how many codes there are of each of 16 lengths, then one byte for each code. */
function huffmanLength(data: Buffer, at: number): number {
  const [kind, place] = [data[at]! >> 4, data[at]! & 15];
  const codes = data.subarray(at + 1, at + 17).reduce((sum, count) => sum + count, 0);
  if (kind > 1 || place > 3 || codes > 256) throw damaged();
  return 17 + codes;
}

/** A scan ends at the first marker that is neither a stuffed byte nor a restart. */
function endOfScan(bytes: Buffer, from: number): number {
  for (let at = bytes.indexOf(0xff, from); at !== -1 && at + 1 < bytes.length; at = bytes.indexOf(0xff, at + 1)) {
    const next = bytes[at + 1]!;
    if (next !== 0x00 && next !== 0xff && (next < 0xd0 || next > 0xd7)) return at;
  }
  throw new InvalidPhotoError('the JPEG has no end');
}
