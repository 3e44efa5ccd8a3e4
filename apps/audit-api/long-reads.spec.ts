import { describe, expect, it, jest } from '@jest/globals';
import type { FastifyReply } from 'fastify';
import { PassThrough } from 'node:stream';

import { LongReads } from './long-reads.ts';

/** All that is asked of a reply: its stream, which may close. */
function reply(): { reply: FastifyReply; leave: () => Promise<void> } {
  const raw = new PassThrough();
  const leave = async (): Promise<void> => {
    const closed = new Promise((resolve) => raw.once('close', resolve));
    raw.destroy();
    await closed;
  };
  return { reply: { raw } as unknown as FastifyReply, leave };
}

describe('long reads', () => {
  it('go on one at a time, until the client leaves', async () => {
    const reads = new LongReads();
    const [first, second] = [reply(), reply()];
    const signal = reads.begin(first.reply);
    expect(() => reads.begin(second.reply)).toThrow(expect.objectContaining({ code: 'audit-running' }));
    expect(signal.aborted).toBe(false);
    await first.leave();
    expect(signal.aborted).toBe(true);
    expect(reads.begin(second.reply).aborted).toBe(false);
  });

  it('do not begin for a client that has left, and keep the place for nobody', async () => {
    const reads = new LongReads();
    const gone = reply();
    await gone.leave();
    expect(reads.begin(gone.reply).aborted).toBe(true);
    expect(reads.begin(reply().reply).aborted).toBe(false);
  });

  it('end with a client that takes nothing, and leave the place to the next', () => {
    jest.useFakeTimers();
    const reads = new LongReads();
    const stalled = reply();
    const socket = { bytesWritten: 0, writableLength: 0 };
    Object.assign(stalled.reply.raw, { socket });
    reads.begin(stalled.reply);
    // a minute in which the audit has nothing to send yet, then a fast client, then one that stands still
    jest.advanceTimersByTime(60_000);
    expect(stalled.reply.raw.destroyed).toBe(false);
    Object.assign(socket, { bytesWritten: 900_000, writableLength: 65_000 });
    jest.advanceTimersByTime(10_000);
    expect(stalled.reply.raw.destroyed).toBe(false);
    jest.advanceTimersByTime(10_000);
    expect(stalled.reply.raw.destroyed).toBe(true);
    jest.useRealTimers();
  });

  it('end with the process', () => {
    const reads = new LongReads();
    const signal = reads.begin(reply().reply);
    reads.beforeApplicationShutdown();
    expect(signal.aborted).toBe(true);
  });
});
