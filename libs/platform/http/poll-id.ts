/** JSON schema of a poll's id: polls are numbered. */
export const POLL_ID = { type: 'string', pattern: '^[1-9][0-9]{0,8}$' };

/** `?paredao=`: an earlier poll; without it, the one that was opened last. */
export const POLL_QUERY = { type: 'object', properties: { paredao: POLL_ID } };
