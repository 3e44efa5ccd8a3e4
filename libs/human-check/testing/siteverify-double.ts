import { once } from 'node:events';
import { type IncomingMessage, type Server, type ServerResponse, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

import type { CaptchaProviderName } from '#contract';

interface Minted {
  readonly hostname: string;
  readonly action: string;
  usedWith: string | undefined;
}

/** How it fails: not at all, with a status, with something else than JSON, or never. */
type Trouble = 'none' | 'status-503' | 'not-json' | 'silent' | 'wrong-secret';

const USED_ERROR = {
  turnstile: 'timeout-or-duplicate',
  hcaptcha: 'already-seen-response',
  recaptcha: 'timeout-or-duplicate',
} as const;

const WIDGET_OBJECT = { turnstile: 'turnstile', hcaptcha: 'hcaptcha', recaptcha: 'grecaptcha' } as const;

/**
 * A provider on this machine, as the providers document their APIs: `POST /siteverify` with a form, a token that is good once,
 * and Turnstile's idempotency key. It also serves a widget script whose `render` hands out such a token at a press of a button.
 */
export class SiteverifyDouble {
  readonly secret = 'the secret of the account';
  readonly siteKey = 'site-key-1';
  trouble: Trouble = 'none';
  /** The forms it was asked with. */
  readonly asked: Record<string, string>[] = [];
  private readonly tokens = new Map<string, Minted>();
  private readonly server: Server;
  private minted = 0;

  private constructor(
    readonly provider: CaptchaProviderName,
    private readonly hostname: string,
  ) {
    this.server = createServer((request, response) => void this.answer(request, response));
  }

  /** @param hostname that its widget finds itself on */
  static async start(provider: CaptchaProviderName, hostname: string): Promise<SiteverifyDouble> {
    const double = new SiteverifyDouble(provider, hostname);
    await once(double.server.listen(0, '127.0.0.1'), 'listening');
    return double;
  }

  get url(): string {
    return `http://127.0.0.1:${String((this.server.address() as AddressInfo).port)}`;
  }

  get verifyUrl(): string {
    return `${this.url}/siteverify`;
  }

  /** A token as the widget gives it to somebody who passed. */
  mint({ hostname = this.hostname, action = 'votar' } = {}): string {
    const token = `token-${String(++this.minted)}`;
    this.tokens.set(token, { hostname, action, usedWith: undefined });
    return token;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await once(this.server.close(), 'close');
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (request.url?.startsWith('/api.js') === true) {
      response.writeHead(200, { 'content-type': 'text/javascript' }).end(this.widget(request.url));
      return;
    }
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const form = Object.fromEntries(new URLSearchParams(Buffer.concat(chunks).toString()));
    this.asked.push(form);
    if (this.trouble === 'silent') return;
    if (this.trouble === 'status-503') response.writeHead(503).end('upstream');
    else if (this.trouble === 'not-json') response.end('<html>');
    else response.setHeader('content-type', 'application/json').end(JSON.stringify(this.verdict(form)));
  }

  private verdict({ secret, response, idempotency_key: key = '' }: Record<string, string>): object {
    if (this.trouble === 'wrong-secret' || secret !== this.secret) return refused('invalid-input-secret');
    if (response === undefined || response === '') return refused('missing-input-response');
    const token = this.tokens.get(response);
    if (token === undefined) return refused('invalid-input-response');
    const isRetry = this.provider === 'turnstile' && key !== '' && token.usedWith === key;
    if (token.usedWith !== undefined && !isRetry) return refused(USED_ERROR[this.provider]);
    token.usedWith = key;
    const { hostname, action } = token;
    const named = this.provider === 'turnstile' ? { action, cdata: '' } : {};
    return { success: true, challenge_ts: new Date().toISOString(), hostname, 'error-codes': [], ...named };
  }

  /** Tokens are packed in: the page that loads it may talk to nobody else. */
  private widget(url: string): string {
    const onload = new URL(url, this.url).searchParams.get('onload') ?? '';
    const tokens = Array.from({ length: 50 }, () => this.mint());
    return `
      const tokens = ${JSON.stringify(tokens)};
      window.${WIDGET_OBJECT[this.provider]} = {
        render(element, options) {
          element.dataset.sitekey = options.sitekey;
          element.dataset.action = options.action ?? '';
          const button = Object.assign(document.createElement('button'), { type: 'button' });
          button.textContent = 'Sou uma pessoa';
          button.onclick = () => options.callback(tokens.shift());
          element.append(button);
          return 'widget-1';
        },
        reset() {},
        remove() {},
      };
      window['${onload}']?.();`;
  }
}

const refused = (code: string): object => ({ success: false, 'error-codes': [code] });
