import { asFailure, type ApiFailure, type FailureDetails } from './failure.ts';
import type { SseEvent } from './sse.ts';
import type { askForStream, readStream } from './stream.ts';

/** What a page asks for. Pages with the same path, audience and silence get the same stream. */
export interface StreamRequest {
  readonly path: string;
  /** Whose eyes it is for, by the page's own word, see `audienceOf`. */
  readonly audience: string;
  /** Headers that say who asks. */
  readonly identity: Readonly<Record<string, string>>;
  /** ms; see `readStream` */
  readonly silence: number;
}

/** From a page: the request comes first, `here` answers each `alive`. */
export type PageMessage = { readonly follow: StreamRequest } | 'here' | 'leave';

/** To a page; `failed` is the last one. */
export type HubMessage = 'alive' | { readonly event: SseEvent } | { readonly failed: FailureDetails };

/** The part of a `MessagePort` that is used here. */
export interface HubPort {
  onmessage: ((event: MessageEvent<PageMessage>) => void) | null;
  postMessage(message: HubMessage): void;
  close(): void;
}

/** Each page hears so often that the hub lives, ms. */
export const PULSE = 1_000;
/** A page that does not answer for so many pulses is gone: nobody tells when a page is frozen or killed. */
const MAX_UNANSWERED = 10;
/** An event that is younger is news to a page that joins, ms. */
const FRESH = 2_000;

/** A page that follows a stream. */
interface Member {
  readonly identity: StreamRequest['identity'];
  hear(event: SseEvent): void;
  /** The last that it hears. */
  fail(failure: ApiFailure): void;
}

const isDenied = ({ status }: ApiFailure): boolean => status === 401 || status === 403;

const isSame = (one: Member, other: Member): boolean => JSON.stringify(one.identity) === JSON.stringify(other.identity);

/** Pages that follow the same stream. */
class Group {
  readonly #members = new Set<Member>();
  readonly #request: StreamRequest;
  readonly #read: typeof readStream;
  readonly #onEmpty: () => void;
  readonly #control = new AbortController();
  #latest: { readonly event: SseEvent; readonly at: number } | undefined;

  constructor(request: StreamRequest, read: typeof readStream, onEmpty: () => void) {
    this.#request = request;
    this.#read = read;
    this.#onEmpty = onEmpty;
  }

  join(member: Member): void {
    this.#members.add(member);
    if (this.#members.size === 1) void this.#run();
    else if (this.#latest && performance.now() - this.#latest.at < FRESH) member.hear(this.#latest.event);
  }

  get isEmpty(): boolean {
    return this.#members.size === 0;
  }

  /** Whether somebody is there who came with the same login. */
  has(member: Member): boolean {
    return [...this.#members].some((other) => isSame(other, member));
  }

  leave(member: Member): void {
    if (!this.#members.delete(member) || this.#members.size > 0) return;
    this.#onEmpty();
    this.#control.abort();
  }

  /** Reads the stream for all until it breaks. A login that is refused ends only those who came with it. */
  async #run(): Promise<void> {
    for (let speaker = this.#newest(); speaker; speaker = this.#newest()) {
      const failure = await this.#follow(speaker).catch(asFailure);
      for (const member of [...this.#members]) {
        if (isDenied(failure) && !isSame(member, speaker)) continue;
        this.leave(member);
        member.fail(failure);
      }
    }
  }

  /** Its login is good for the longest. */
  #newest(): Member | undefined {
    return [...this.#members].at(-1);
  }

  #follow({ identity }: Member): Promise<never> {
    const tell = (event: SseEvent): void => {
      this.#latest = { event, at: performance.now() };
      for (const member of this.#members) member.hear(event);
    };
    return this.#read(this.#request.path, identity, tell, this.#control.signal, this.#request.silence);
  }
}

/** Reads each stream once for all pages of a browser that follow it. It tries nothing again: that is for the pages. */
export class StreamHub {
  readonly #groups = new Map<string, Group>();
  readonly #read: typeof readStream;
  readonly #ask: typeof askForStream;

  /**
   * @param read reads a stream from the service
   * @param ask whether the service would give it to this login: nobody joins another's stream by their own word alone
   */
  constructor(read: typeof readStream, ask: typeof askForStream) {
    this.#read = read;
    this.#ask = ask;
  }

  /** How many streams are open. */
  get size(): number {
    return this.#groups.size;
  }

  /** Serves a page that has come: one stream for each port. */
  connect(port: HubPort): void {
    let leave = (): void => {};
    let unanswered = 0;
    const end = (): void => {
      clearInterval(pulse);
      leave();
      port.close();
    };
    const pulse = setInterval(() => {
      if (++unanswered > MAX_UNANSWERED) end();
      else port.postMessage('alive');
    }, PULSE);
    port.onmessage = ({ data }) => {
      unanswered = 0;
      if (data === 'leave') end();
      else if (data !== 'here') leave = this.#follow(port, data.follow, end);
    };
    port.postMessage('alive');
  }

  /** @returns ends it */
  #follow(port: HubPort, request: StreamRequest, end: () => void): () => void {
    const member: Member = {
      identity: request.identity,
      hear: (event) => port.postMessage({ event }),
      fail: ({ kind, status, code, title, retryAfter }) => {
        port.postMessage({ failed: { kind, status, code, title, retryAfter } });
        end();
      },
    };
    let isGone = false;
    let leave = (): void => {};
    const join = (): void => {
      if (isGone) return;
      const group = this.#groupOf(request);
      group.join(member);
      leave = () => group.leave(member);
    };
    const group = this.#groupOf(request);
    if (group.isEmpty || group.has(member)) join();
    else this.#ask(request.path, request.identity).then(join, (error: unknown) => member.fail(asFailure(error)));
    return () => {
      isGone = true;
      leave();
    };
  }

  #groupOf(request: StreamRequest): Group {
    const key = JSON.stringify([request.path, request.audience, request.silence]);
    const known = this.#groups.get(key);
    if (known) return known;
    const group = new Group(request, this.#read, () => this.#groups.delete(key));
    this.#groups.set(key, group);
    return group;
  }
}
