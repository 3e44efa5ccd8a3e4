/** JSON schema of a poll's id: polls are numbered. */
export const POLL_ID = { type: 'string', pattern: '^[1-9][0-9]{0,8}$' };

/** JSON schema of a query: what a route does not know it refuses, or `?paredao[]=1` would be answered as if nothing was asked. */
export function queryOf<Properties>(properties: Properties): {
  readonly type: 'object';
  readonly additionalProperties: false;
  readonly properties: Properties;
} {
  return { type: 'object', additionalProperties: false, properties };
}

/** `?paredao=`: an earlier poll; without it, the one that was opened last. */
export const POLL_QUERY = queryOf({ paredao: POLL_ID });
