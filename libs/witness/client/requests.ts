/** Bytes of an answer, at most: a few lines. */
const MAX_ANSWER_BYTES = 16 * 1024;

/** What a witness answered. */
export interface Reply {
  readonly status: number;
  /** Without its parameters. */
  readonly type: string;
  readonly body: string;
}

/**
 * Sends a text to a witness.
 * @throws Error when it does not answer, sends one elsewhere, or sends more than 16 kB
 */
export async function post(url: string, body: string, signal: AbortSignal): Promise<Reply> {
  const headers = { 'content-type': 'text/plain; charset=utf-8' };
  const response = await fetch(url, { method: 'POST', body, headers, signal, redirect: 'error' });
  const [type = ''] = (response.headers.get('content-type') ?? '').split(';');
  return { status: response.status, type: type.trim(), body: await textOf(response) };
}

async function textOf({ body }: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of (body ?? []) as AsyncIterable<Uint8Array>) {
    bytes += chunk.length;
    if (bytes > MAX_ANSWER_BYTES) throw new Error('the answer is too long');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
