import type { Answer, Client, Json } from './client.ts';
import { eventually } from './eventually.ts';

/** A poll is cut 16 s after its closing, and nothing is proclaimed before. */
const CUT_LIMIT_MS = 30_000;

/** What an audit of a whole closed poll answers at last. */
async function auditedBy(client: Client, id: string, user = 'auditor'): Promise<Json> {
  const { events } = await client.stream(`/auditoria/laudo?paredao=${id}`, Infinity, client.basic(user));
  return events.at(-1)?.data;
}

/** Sends a seal back, with a login of its own: tokens from before a change of the password are no good. */
export async function sign(client: Client, id: string, selo: string, usuario = 'auditor'): Promise<Answer> {
  const login = await client.call('POST', '/login', { json: { usuario, senha: client.passwordOf(usuario) } });
  const headers = { authorization: `Bearer ${String(login.json.token)}` };
  return client.call('POST', `/paredoes/${id}/conferir`, { headers, json: { selo } });
}

export const auditAndSign = async (client: Client, id: string): Promise<Answer> =>
  sign(client, id, String((await auditedBy(client, id)).selo));

/** Releases the result of a closed poll without a check, as soon as its votes are counted. */
export const proclaimed = (client: Client, id: string): Promise<Answer> =>
  eventually(
    () => client.admin('POST', `/paredoes/${id}/proclamar`, { motivo: 'Sem conferência' }),
    ({ status }) => status === 200,
    CUT_LIMIT_MS,
  );
