import { type Arguments, UsageError, readArguments } from '#platform/arguments';

import { PROBLEM_CODES } from '#contract';
import { choiceOption, numberOption, urlOption } from '../lib/options.ts';

const PROGRAM = {
  usage: 'npm run load -- [options]',
  about: `Votes at a given rate, and checks every acknowledged vote against the log. Exit code 1: something nobody expected happened.
The server must believe X-Forwarded-For from this host (TRUSTED_PROXIES=127.0.0.1); its limits stay on.`,
  options: {
    rate: { type: 'string', value: 'N', default: '1000', help: 'votes a second' },
    duration: { type: 'string', value: 'N', default: '60', help: 'seconds' },
    voters: {
      type: 'string',
      value: 'KIND',
      default: 'kept',
      help: 'kept: the page is open, its connections are kept; new: each comes on a connection of its own; page: each loads the page first, and watches the result afterwards',
    },
    'slow-fsync': {
      type: 'string',
      value: 'MS',
      default: '0',
      help: 'each fsync of the server takes so much longer (without --url; needs strace)',
    },
    checkout: { type: 'string', value: 'PATH', help: 'another built checkout of the project, to start the server of' },
    url: {
      type: 'string',
      value: 'URL',
      help: 'a running server; without it one is started on free ports and stopped at the end',
    },
    rehearsal: {
      type: 'boolean',
      default: false,
      help: 'votes in the rehearsal that is open, beside the real poll (with --url); its votes count for nothing',
    },
    'data-dir': {
      type: 'string',
      value: 'PATH',
      help: 'data directory of the server (with --url: "data" if not given; without: a temporary one)',
    },
    'eventstore-url': {
      type: 'string',
      value: 'URL',
      help: 'with --url: the log of that server, instead of the one in its data directory',
    },
    user: { type: 'string', value: 'NAME', help: 'who may read /total (or PAREDAO_USER; else producao)' },
    password: { type: 'string', value: 'TEXT', help: 'of that user (or PAREDAO_PASSWORD; else first-credentials.txt)' },
    connections: { type: 'string', value: 'N', default: '1000', help: 'keep-alive connections of the voters, at most' },
    addresses: {
      type: 'string',
      value: 'N',
      help: 'synthetic client addresses (X-Forwarded-For); by default each votes every twenty seconds',
    },
    expect: {
      type: 'string',
      value: 'A,B',
      default: '',
      help: 'codes that may occur without failing the run: queue-full, too-many-requests, connection-lost, …',
    },
    report: { type: 'string', value: 'FILE', help: 'also writes the report as JSON' },
  },
} as const;

/** Of one address: faster ones would be taken for machines, and their challenges grow dear. */
const SECONDS_BETWEEN_VOTES = 20;

const VOTERS = ['kept', 'new', 'page'] as const;

/** What a run was asked to do. */
export interface LoadOptions {
  readonly rate: number;
  /** s */
  readonly duration: number;
  readonly voters: (typeof VOTERS)[number];
  /** ms */
  readonly slowFsync: number;
  readonly checkout: string | undefined;
  readonly url: URL | undefined;
  readonly rehearsal: boolean;
  readonly dataDir: string | undefined;
  readonly eventstoreUrl: string | undefined;
  readonly user: string | undefined;
  readonly password: string | undefined;
  readonly connections: number;
  readonly addresses: number;
  readonly expected: ReadonlySet<string>;
  readonly report: string | undefined;
}

/** What this process was asked for; it ends here when that makes no sense. */
export const readLoadOptions = (): LoadOptions => readArguments(PROGRAM, interpret);

function interpret({ values }: Arguments<typeof PROGRAM.options>): LoadOptions {
  const rate = numberOption('rate', values.rate, 0.1);
  return {
    rate,
    duration: numberOption('duration', values.duration, 1),
    voters: choiceOption('voters', values.voters, VOTERS),
    slowFsync: slowFsyncOf(values),
    checkout: values.checkout,
    url: values.url === undefined ? undefined : urlOption('url', values.url),
    rehearsal: rehearsalOf(values),
    dataDir: values['data-dir'],
    eventstoreUrl: values['eventstore-url'],
    user: values.user ?? process.env['PAREDAO_USER'],
    password: values.password ?? process.env['PAREDAO_PASSWORD'],
    connections: numberOption('connections', values.connections, 1),
    addresses: numberOption('addresses', values.addresses ?? String(Math.ceil(rate * SECONDS_BETWEEN_VOTES)), 1),
    expected: expectedOf(values.expect),
    report: values.report,
  };
}

/** Problems of the service, answers that were none, and connections without an answer. */
const CODES: readonly string[] = [...PROBLEM_CODES, 'no-code', 'connection-lost'];

function expectedOf(text: string): ReadonlySet<string> {
  const codes = text.split(',').filter((code) => code !== '');
  return new Set(codes.map((code) => choiceOption('expect', code, CODES)));
}

function rehearsalOf({ rehearsal, url }: { rehearsal: boolean; url?: string | undefined }): boolean {
  if (rehearsal && url === undefined) throw new UsageError('--rehearsal is for a running server: with --url');
  return rehearsal;
}

function slowFsyncOf({ 'slow-fsync': text, url }: { 'slow-fsync': string; url?: string | undefined }): number {
  const milliseconds = numberOption('slow-fsync', text, 0);
  if (milliseconds > 0 && url !== undefined)
    throw new UsageError('--slow-fsync is for a server of its own: not with --url');
  return milliseconds;
}
