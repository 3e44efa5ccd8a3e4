import { Logger } from '@nestjs/common';
import type { FastifyInstance } from 'fastify';
import { readFileSync, statSync } from 'node:fs';
import { BlockList, isIP } from 'node:net';

import { RecentMap } from '#collections';

import type { Environment } from '../environment.ts';
import { ProblemError } from '../problems.ts';

/** How often the file is looked at, ms. */
const LOOK_INTERVAL_MS = 2000;
/** Lines that are named in a warning. */
const NAMED_LINES = 20;
/** Addresses whose answer is remembered: to ask a long list costs more than a vote. */
const REMEMBERED = 65_536;
const BITS = { 4: 32, 6: 128 } as const;

/** Refuses every request, but those for the health of the service, whose address is in the file that the environment names. */
export function refuseDenied(fastify: FastifyInstance, { denyList }: Environment): void {
  if (denyList === undefined) return;
  const list = new DenyList(denyList);
  const timer = setInterval(() => {
    list.refresh();
  }, LOOK_INTERVAL_MS).unref();
  fastify.addHook('onRequest', ({ ip, url }, _reply, done) => {
    done(list.denies(ip) && !url.startsWith('/health') ? new ProblemError('address-denied') : undefined);
  });
  fastify.addHook('onClose', (_instance, done) => {
    clearInterval(timer);
    done();
  });
}

/**
 * The networks of a file: an address or a CIDR block a line; `#` begins a comment. A line that is neither is named in a warning
 * by its number, never by what it says: that may be a voter's address. While the file cannot be read, the list stays as it was.
 */
export class DenyList {
  private networks = new BlockList();
  private size = 0;
  private readonly known = new RecentMap<string, boolean>(REMEMBERED);
  /** What the file looked like when it was read, or why it could not be. */
  private version: string | undefined;

  constructor(
    private readonly path: string,
    private readonly logger: Pick<Logger, 'warn' | 'log'> = new Logger('deny-list'),
  ) {
    this.refresh();
  }

  /** @param address as Fastify has it; what is no address is not denied */
  denies(address: string): boolean {
    if (this.size === 0) return false;
    let denied = this.known.get(address);
    if (denied === undefined) {
      const family = isIP(address);
      denied = family !== 0 && this.networks.check(address, family === 6 ? 'ipv6' : 'ipv4');
      this.known.set(address, denied);
    }
    return denied;
  }

  /** Reads the file if it changed since the last time. */
  refresh(): void {
    try {
      const { mtimeMs, size, ino } = statSync(this.path);
      const version = [mtimeMs, size, ino].join();
      if (version === this.version) return;
      this.read(readFileSync(this.path, 'utf8'));
      this.version = version;
    } catch (error) {
      const { code = 'unknown' } = error as NodeJS.ErrnoException;
      if (this.version !== code) this.logger.warn({ code }, 'the deny file cannot be read: the list stays as it was');
      this.version = code;
    }
  }

  private read(text: string): void {
    const networks = new BlockList();
    const bad = text.split('\n').flatMap((line, index) => (add(networks, line) ? [] : [index + 1]));
    this.networks = networks;
    // read once: the getter builds the list on each access
    this.size = networks.rules.length;
    this.known.clear();
    if (bad.length > 0)
      this.logger.warn({ lines: bad.slice(0, NAMED_LINES).join(), count: bad.length }, 'bad lines in the deny file');
    this.logger.log({ networks: this.size }, 'the deny file was read');
  }
}

/** @returns false for a line that is no network, no comment and not empty */
function add(networks: BlockList, line: string): boolean {
  const text = line.replace(/#.*/, '').trim();
  if (text === '') return true;
  const [address = '', bits, ...rest] = text.split('/');
  const family = isIP(address);
  if (family === 0 || rest.length > 0 || (bits !== undefined && !/^\d{1,3}$/.test(bits))) return false;
  const longest = BITS[family as 4 | 6];
  const prefix = Number(bits ?? longest);
  if (prefix > longest) return false;
  networks.addSubnet(address, prefix, family === 6 ? 'ipv6' : 'ipv4');
  return true;
}
