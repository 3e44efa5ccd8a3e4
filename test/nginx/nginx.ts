import { afterAll } from '@jest/globals';
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, readlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

import { Client } from '../support/client.ts';
import { freePort, temporaryDirectory } from '../support/server.ts';
import { needs } from '../tools/needs.ts';

export interface NginxOptions {
  /** Ports of the APIs on this machine. */
  readonly commandApis: readonly number[];
  readonly queryApis: readonly number[];
  /** Without them nobody can audit. */
  readonly auditApis?: readonly number[];
  /** Addresses of balancers whose forwarded headers are believed. */
  readonly balancers?: readonly string[];
  /** Folder of the built pages. */
  readonly pages?: string;
  /** What is said about the access log; default: one file. */
  readonly accessLog?: string;
  /** Further directives of the `http` block. */
  readonly http?: string;
  /** TLS ends here: PEM of the certificate and its key. The plain port redirects then. */
  readonly tls?: { readonly certificate: string; readonly key: string };
}

const READY_LIMIT_MS = 5000;
const ONE_FILE = 'access_log run/access.log json;';
const BUILT_PAGES = join(process.cwd(), 'dist/web');

/** Suites that need nginx. */
export const describeWithNginx = needs('nginx');

const running = new Set<Nginx>();

afterAll(async () => {
  await Promise.all([...running].map((nginx) => nginx.stop()));
});

/** The project's nginx, configuration and all, with a site of its own. */
export class Nginx {
  /** What it wrote to its error log so far. */
  errors = '';
  private readonly child: ChildProcess;
  private readonly ended: Promise<void>;

  private constructor(
    /** Where its configuration is. */
    readonly folder: string,
    readonly port: number,
    readonly statusPort: number,
    /** With TLS, where that is wanted. */
    readonly tlsPort: number,
  ) {
    this.child = spawn('nginx', argumentsFor(folder, 'daemon off;'), { stdio: ['ignore', 'ignore', 'pipe'] });
    this.child.stderr?.setEncoding('utf8').on('data', (text: string) => (this.errors += text));
    this.ended = new Promise((resolve) => {
      this.child.once('error', () => resolve()).once('close', () => resolve());
    });
    running.add(this);
  }

  /** Starts it; resolves when it answers. */
  static async start(options: NginxOptions): Promise<Nginx> {
    const [port, statusPort, tlsPort] = [await freePort(), await freePort(), await freePort()];
    const nginx = new Nginx(siteFor(options, port, statusPort, tlsPort), port, statusPort, tlsPort);
    await nginx.ready();
    return nginx;
  }

  /** Asks nginx what it thinks of the configuration. */
  static check(options: NginxOptions): { readonly isValid: boolean; readonly output: string } {
    const { status, stderr } = spawnSync('nginx', [...argumentsFor(siteFor(options, 8080, 8081, 8443)), '-t'], {
      encoding: 'utf8',
    });
    return { isValid: status === 0, output: stderr };
  }

  client(passwords?: Readonly<Record<string, string>>): Client {
    return new Client(this.port, passwords);
  }

  /** The lines of the access log so far, unparsed. */
  accessLog(file = 'access.log'): string[] {
    const path = join(this.folder, 'run', file);
    return existsSync(path) ? readFileSync(path, 'utf8').trimEnd().split('\n') : [];
  }

  /** Every byte that it wrote anywhere: to its error log, and into its folder. */
  written(): string {
    const files = ['run', 'cache']
      .flatMap((name) => readdirSync(join(this.folder, name), { recursive: true, withFileTypes: true }))
      .filter((entry) => entry.isFile());
    return [this.errors, ...files.map(({ parentPath, name }) => readFileSync(join(parentPath, name), 'latin1'))].join(
      '\n',
    );
  }

  /** Names of the files that its workers hold bodies in; their names are gone from the folder at once. */
  temporaryFiles(): string[] {
    const { pid = 0 } = this.child;
    const workers = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ');
    return workers
      .flatMap((worker) => readdirSync(`/proc/${worker}/fd`).map((fd) => `/proc/${worker}/fd/${fd}`))
      .map(linkOf)
      .filter((target) => /\/run\/(client-body|proxy)\//.test(target));
  }

  async stop(): Promise<void> {
    running.delete(this);
    this.child.kill('SIGTERM');
    await this.ended;
  }

  private async ready(): Promise<void> {
    const limit = Date.now() + READY_LIMIT_MS;
    const client = this.client();
    while ((await client.get('/saude').catch(() => undefined))?.status !== 200) {
      if (Date.now() > limit) throw new Error(`nginx is not ready: ${this.errors}`);
      await delay(20);
    }
    client.close();
  }
}

/** Nothing for a file that was closed in the meantime. */
function linkOf(fd: string): string {
  try {
    return readlinkSync(fd);
  } catch {
    return '';
  }
}

/** As root its workers would be somebody else, who may not read a temporary folder. */
function argumentsFor(folder: string, directives = ''): string[] {
  const user = process.getuid?.() === 0 ? 'user root;' : '';
  return ['-p', `${folder}/`, '-c', 'nginx.conf', '-e', 'stderr', '-g', `${user}${directives}`];
}

/** A copy of nginx/ in which only site/ is different, and there only addresses and the logs. */
function siteFor(options: NginxOptions, port: number, statusPort: number, tlsPort: number): string {
  const folder = join(temporaryDirectory(), 'nginx');
  cpSync('nginx', folder, { recursive: true });
  mkdirSync(join(folder, 'run'));
  const {
    commandApis,
    queryApis,
    auditApis = [1],
    balancers = [],
    pages = BUILT_PAGES,
    accessLog = ONE_FILE,
    http: more = '',
    tls,
  } = options;
  const apis: Record<string, readonly number[]> = {
    'command-api': commandApis,
    'query-api': queryApis,
    'audit-api': auditApis,
  };
  // Debian's nginx knows no `resolve`: each replica is named
  const http = readFileSync('nginx/site/http.conf', 'utf8')
    .replaceAll(/^ *server ([a-z-]+):\d+ resolve (.*);$/gm, (_line, name: string, options: string) =>
      (apis[name] ?? []).map((api) => `server 127.0.0.1:${api} ${options};`).join('\n'),
    )
    .replace('listen 8081', `listen 127.0.0.1:${statusPort}`);
  const server = [`listen 127.0.0.1:${port};`, `root ${pages};`, accessLog];
  writeFileSync(join(folder, 'site/http.conf'), http);
  writeFileSync(
    join(folder, 'site/balancers.conf'),
    balancers.map((address) => `set_real_ip_from ${address};\n`).join('') + more,
  );
  writeFileSync(join(folder, 'site/server.conf'), server.join('\n'));
  if (tls) endTls(folder, tls, { pages, accessLog, port, tlsPort });
  return folder;
}

/** The site as nginx/tls has it. */
function endTls(
  folder: string,
  { certificate, key }: { certificate: string; key: string },
  { pages, accessLog, port, tlsPort }: { pages: string; accessLog: string; port: number; tlsPort: number },
): void {
  const server = readFileSync('nginx/tls/server.conf', 'utf8')
    // what Debian's nginx calls it
    .replace('listen 8443 ssl;\nhttp2 on;', `listen 127.0.0.1:${tlsPort} ssl http2;`)
    .replace('/usr/share/nginx/html', pages);
  writeFileSync(join(folder, 'site/server.conf'), server);
  writeFileSync(join(folder, 'site/access-log.conf'), accessLog);
  const redirect = readFileSync('nginx/tls/redirect.conf', 'utf8').replace('listen 8080', `listen 127.0.0.1:${port}`);
  writeFileSync(join(folder, 'site/more/redirect.conf'), redirect);
  writeFileSync(join(folder, 'tls/certificate.pem'), certificate);
  writeFileSync(join(folder, 'tls/key.pem'), key, { mode: 0o600 });
}
