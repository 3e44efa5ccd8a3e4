import { setTimeout as delay } from 'node:timers/promises';

import type { Answer } from '../lib/http-connection.ts';
import { type HttpPool, requestText } from '../lib/http-pool.ts';
import { openStream } from '../lib/live-stream.ts';
import { ON_AIR, type PollLink, withLink } from '../lib/poll-link.ts';
import type { Voter } from '../lib/voter.ts';

/** Connections that a browser opens to one server. */
const BROWSER_CONNECTIONS = 6;
/** A new voter watches the result for so long, ms. */
const WATCH_MS = 3000;
const ENCODINGS = { 'accept-encoding': 'gzip, br' };
const REFERENCE = /(?:src|href)="(\/(?:assets\/)?[\w.-]+\.(?:js|css|svg|webp|jpg|png))"/g;
const WORKER = /\/assets\/[\w.-]*worker[\w.-]*\.js/g;

/** What a browser does for a new voter before the vote, and the live result behind it. */
export class PageVisit {
  private constructor(
    private readonly url: URL,
    private readonly files: readonly string[],
    private readonly link: PollLink,
  ) {}

  /** Reads the page once, to know what a browser loads of it. */
  static async of(url: URL, link = ON_AIR): Promise<PageVisit> {
    const text = async (path: string): Promise<string> => (await fetch(new URL(path, url))).text();
    const page = await text('/');
    const referenced = [...page.matchAll(REFERENCE)].map(([, path]) => path!);
    const scripts = await Promise.all(referenced.filter((path) => path.endsWith('.js')).map(text));
    const workers = [page, ...scripts].flatMap((script) => [...script.matchAll(WORKER)].map(([path]) => path));
    return new PageVisit(url, [...new Set([...referenced, ...workers])], link);
  }

  /** Requests of a voter before the challenge. */
  get requests(): number {
    return this.files.length + 2;
  }

  /**
   * Loads the page over the voter's connection, what belongs to it over up to six, and then the poll and its photos.
   * @param onFirstAnswer hears when the page itself is there
   * @throws RefusedError
   */
  async load(pool: HttpPool, voter: Voter, address: string, onFirstAnswer: () => void): Promise<void> {
    const get = (path: string): Promise<Answer> =>
      voter.request(requestText('GET', path, { headers: { 'x-forwarded-for': address, ...ENCODINGS } }));
    await get(withLink('/', this.link));
    onFirstAnswer();
    pool.widen(BROWSER_CONNECTIONS);
    await Promise.all(this.files.map((path) => get(path)));
    const { body } = await get(withLink('/paredao', this.link));
    const { participantes } = JSON.parse(body.toString()) as { participantes: readonly { foto?: string | null }[] };
    await Promise.all(participantes.flatMap(({ foto }) => (foto ? [get(foto)] : [])));
  }

  /** Looks at the result, and follows it live for a while. */
  async watch(address: string): Promise<void> {
    const leave = await openStream(this.url, withLink('/resultado/aovivo', this.link), address);
    await delay(WATCH_MS);
    leave();
  }
}
