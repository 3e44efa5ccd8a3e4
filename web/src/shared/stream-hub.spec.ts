import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { ApiFailure } from './failure.ts';
import type { SseEvent } from './sse.ts';
import { PULSE, StreamHub, type HubMessage, type HubPort, type StreamRequest } from './stream-hub.ts';

const REQUEST: StreamRequest = { path: '/total/aovivo', audience: 'ana', identity: { authorization: '1' }, silence: 1 };
const EVENT: SseEvent = { event: 'total', data: '{}' };
const REFUSED = new ApiFailure({ kind: 'refused', status: 401 });
const BROKEN = new ApiFailure({ kind: 'network' });

/** A stream of the service that somebody opened. */
interface Opened {
  readonly identity: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
  readonly send: (event: SseEvent) => void;
  readonly fail: (failure: ApiFailure) => void;
}

/** A page at the other end of a port. */
class Page implements HubPort {
  onmessage: HubPort['onmessage'] = null;
  readonly heard: HubMessage[] = [];
  isClosed = false;

  constructor(hub: StreamHub, request: Partial<StreamRequest> = {}) {
    hub.connect(this);
    this.say({ follow: { ...REQUEST, ...request } });
  }

  get events(): HubMessage[] {
    return this.heard.filter((message) => message !== 'alive');
  }

  say(data: Parameters<NonNullable<HubPort['onmessage']>>[0]['data']): void {
    this.onmessage?.({ data } as never);
  }

  postMessage(message: HubMessage): void {
    this.heard.push(message);
  }

  close(): void {
    this.isClosed = true;
  }
}

describe('streams that pages share', () => {
  let opened: Opened[];
  /** Logins that the service knows, besides that of the first page. */
  const known = ['2', 'good', 'spent'];
  let hub: StreamHub;

  beforeEach(() => {
    jest.useFakeTimers();
    opened = [];
    hub = new StreamHub((_path, identity, send, signal) => {
      const failed = new Promise<never>((_resolve, fail) => opened.push({ identity, signal, send, fail }));
      return failed;
    }, ask);
  });

  const ask = async (_path: string, { authorization = '' }: StreamRequest['identity']): Promise<void> => {
    await Promise.resolve();
    if (!known.includes(authorization)) throw REFUSED;
  };

  const loginOf = (authorization: string) => ({ identity: { authorization } });

  afterEach(() => {
    jest.useRealTimers();
  });

  it('are read once for those with the same path and audience', async () => {
    const pages = [new Page(hub), new Page(hub, loginOf('2'))];
    await settled();
    opened[0]?.send(EVENT);
    expect(opened).toHaveLength(1);
    expect(pages.map(({ events }) => events)).toEqual([[{ event: EVENT }], [{ event: EVENT }]]);
  });

  it('are not given to a login that the service refuses, whatever it says of itself', async () => {
    const page = new Page(hub);
    opened[0]?.send(EVENT);
    const stranger = new Page(hub, loginOf('forged'));
    await settled();
    expect(stranger.events).toEqual([{ failed: expect.objectContaining({ status: 401 }) }]);
    expect([page.isClosed, stranger.isClosed]).toEqual([false, true]);
  });

  it('are not given to a page that left before the service knew its login', async () => {
    new Page(hub);
    const gone = new Page(hub, loginOf('2'));
    gone.say('leave');
    await settled();
    opened[0]?.send(EVENT);
    expect(gone.events).toEqual([]);
  });

  it.each([{ audience: 'rui' }, { path: '/total/aovivo?paredao=1' }])('are not shared with %j', (other) => {
    const page = new Page(hub);
    const stranger = new Page(hub, other);
    expect(opened).toHaveLength(2);
    opened[0]?.send(EVENT);
    expect(page.events).toHaveLength(1);
    expect(stranger.events).toEqual([]);
  });

  it('tell whoever joins what was told just before', () => {
    const page = new Page(hub);
    opened[0]?.send(EVENT);
    expect(new Page(hub).events).toEqual([{ event: EVENT }]);
    jest.advanceTimersByTime(2 * PULSE);
    page.say('here');
    expect(new Page(hub).events).toEqual([]);
  });

  it('go on while anybody is left, and end with the last', () => {
    const [first, second] = [new Page(hub), new Page(hub)];
    first.say('leave');
    opened[0]?.send(EVENT);
    expect([first.events, second.events]).toEqual([[], [{ event: EVENT }]]);
    expect(opened[0]?.signal.aborted).toBe(false);
    second.say('leave');
    expect(opened[0]?.signal.aborted).toBe(true);
    expect(hub.size).toBe(0);
  });

  it('let go of a page that does not answer any more', () => {
    const [silent, other] = [new Page(hub), new Page(hub)];
    for (let pulse = 0; pulse < 12; pulse++) {
      jest.advanceTimersByTime(PULSE);
      other.say('here');
    }
    expect([silent.isClosed, other.isClosed]).toEqual([true, false]);
    opened[0]?.send(EVENT);
    expect([silent.events, other.events]).toEqual([[], [{ event: EVENT }]]);
  });

  it('fail for all when they break, and are opened again by whoever comes next', async () => {
    const pages = [new Page(hub), new Page(hub)];
    opened[0]?.fail(BROKEN);
    await settled();
    for (const { events, isClosed } of pages) {
      expect(events).toEqual([{ failed: expect.objectContaining({ kind: 'network' }) }]);
      expect(isClosed).toBe(true);
    }
    new Page(hub);
    expect(opened).toHaveLength(2);
  });

  it('end only for those whose login is refused, and go on with that of another', async () => {
    const spent = new Page(hub, loginOf('spent'));
    const good = new Page(hub, loginOf('good'));
    await settled();
    opened[0]?.fail(REFUSED);
    await settled();
    expect([spent.isClosed, good.isClosed]).toEqual([true, false]);
    expect(opened[1]?.identity).toEqual({ authorization: 'good' });
    opened[1]?.send(EVENT);
    expect(good.events).toEqual([{ event: EVENT }]);
  });
});

/** What hangs on promises that are settled has happened. */
async function settled(): Promise<void> {
  for (let turn = 0; turn < 10; turn++) await Promise.resolve();
}
