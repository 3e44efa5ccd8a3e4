import type { PollLog } from '#domain';

/** Where the public votes when nobody said so. */
const NO_HOST = 'paredao.local';

/**
 * How the deployment calls itself in its logs: host and port of where the public votes.
 * @param publicOrigin `https://voto.example`
 */
export const hostOf = (publicOrigin: string | undefined): string =>
  publicOrigin === undefined ? NO_HOST : new URL(publicOrigin).host;

/** Name of the deployment's key. */
export const deploymentName = (host: string): string => `${host}/urna`;

/** Name of a log within the stores: `7/1`, `7/atos`. */
export const logName = (pollId: string, log: PollLog): string => `${pollId}/${log}`;

/** The origin of a log, by which its checkpoints name it, and which is the name of its key (C2SP tlog-checkpoint). */
export const originOf = (host: string, pollId: string, log: PollLog): string =>
  `${deploymentName(host)}/${logName(pollId, log)}`;

/** How the deployment called itself when it named a log so; undefined where the name is of another log. */
export function hostIn(origin: string, pollId: string, log: PollLog): string | undefined {
  const rest = originOf('', pollId, log);
  return origin.endsWith(rest) && origin !== rest ? origin.slice(0, -rest.length) : undefined;
}

/** Name of the key that signs the receipts of a ballot box. */
export const receiptName = (origin: string): string => `${origin}/recibo`;
