import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { type ClientHttp2Session, type IncomingHttpHeaders, connect } from 'node:http2';
import { join } from 'node:path';
import { connect as connectTls } from 'node:tls';

import { temporaryDirectory } from '../support/server.ts';
import { Nginx, describeWithNginx } from './nginx.ts';
import { StubApi, takes } from './stub-api.ts';

/** More than the connections that a browser opens to an address without HTTP/2. */
const STREAMS = 20;
const FRAME = 'event: total\ndata: {}\n\n';

/** A certificate of this machine, by nobody else's word. */
function selfSigned(): { certificate: string; key: string } {
  const folder = temporaryDirectory();
  const [certificate, key] = [join(folder, 'certificate.pem'), join(folder, 'key.pem')];
  const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1'];
  const args = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'];
  const { status, stderr } = spawnSync('openssl', [...args, ...subject, '-keyout', key, '-out', certificate]);
  if (status !== 0) throw new Error(`openssl: ${String(stderr)}`);
  return { certificate: readFileSync(certificate, 'utf8'), key: readFileSync(key, 'utf8') };
}

interface Http2Answer {
  readonly headers: IncomingHttpHeaders & { ':status'?: number | undefined };
  /** The first bytes of the body. */
  readonly first: string;
}

/** Asks on a session; resolves with the beginning of the answer, and leaves a stream open. */
function ask(session: ClientHttp2Session, path: string, more: Readonly<Record<string, string>> = {}, body = '') {
  const { promise, resolve, reject } = Promise.withResolvers<Http2Answer>();
  const request = session.request({ ':path': path, ...more });
  let headers: Http2Answer['headers'] = {};
  request.setEncoding('utf8').on('response', (given) => (headers = given));
  request.on('data', (first: string) => resolve({ headers, first }));
  request.on('end', () => resolve({ headers, first: '' })).on('error', reject);
  // one without a body has ended already
  if (!request.writableEnded) request.end(body);
  return promise;
}

describeWithNginx('nginx that ends TLS', () => {
  const tls = selfSigned();
  let api: StubApi;
  let nginx: Nginx;
  let session: ClientHttp2Session;

  beforeAll(async () => {
    api = await StubApi.start();
    nginx = await Nginx.start({ commandApis: [api.port], queryApis: [api.port], tls });
    session = connect(`https://localhost:${nginx.tlsPort}`, { ca: tls.certificate });
    // what fails while something is asked for, the request says as well; nginx may end first, with streams open
    session.on('error', () => undefined);
  });

  afterAll(() => session.destroy());

  it('has a configuration that nginx accepts without a warning', () => {
    const { isValid, output } = Nginx.check({ commandApis: [1], queryApis: [1], tls });
    expect(output).not.toMatch(/warn|emerg|alert/);
    expect(isValid).toBe(true);
  });

  it('serves pages and votes by HTTP/2, and tells browsers to come by HTTPS only', async () => {
    api.behaviour = takes;
    const page = await ask(session, '/');
    expect(page.headers[':status']).toBe(200);
    expect(page.headers['strict-transport-security']).toBe('max-age=31536000');
    const vote = {
      ':method': 'POST',
      'content-type': 'application/json',
      origin: `https://localhost:${nginx.tlsPort}`,
    };
    expect((await ask(session, '/votar/1', vote, '{}')).headers[':status']).toBe(201);
    const { headers } = api.seen.at(-1)!;
    expect(headers['x-forwarded-proto']).toBe('https');
    // the services compare it with the origin
    expect(headers.host).toBe(`localhost:${nginx.tlsPort}`);
  });

  it('sends each event of many streams at once, on one connection', async () => {
    api.behaviour = (_request, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' }).write(FRAME);
    };
    const answers = await Promise.all(Array.from({ length: STREAMS }, () => ask(session, '/total/aovivo')));
    expect(answers.map(({ first }) => first)).toEqual(new Array(STREAMS).fill(FRAME));
    expect((await ask(session, '/')).headers[':status']).toBe(200);
  });

  it('sends who comes in plain to HTTPS, with the method that they came with', async () => {
    const client = nginx.client();
    for (const method of ['GET', 'POST']) {
      const { status, headers } = await client.call(method, '/resultado.html?paredao=1', {
        headers: { host: 'voto.example' },
      });
      expect([status, headers.location]).toEqual([308, 'https://voto.example/resultado.html?paredao=1']);
      expect(headers['strict-transport-security']).toBeUndefined();
    }
    client.close();
  });

  it.each([
    ['TLSv1.3', true],
    ['TLSv1.2', true],
    ['TLSv1.1', false],
  ] as const)('speaks %s: %s', async (version, isSpoken) => {
    const spoken = await new Promise<boolean>((resolve) => {
      const options = { ca: tls.certificate, minVersion: version, maxVersion: version, ciphers: 'DEFAULT@SECLEVEL=0' };
      const socket = connectTls(nginx.tlsPort, 'localhost', options, () => {
        resolve(socket.authorized);
        socket.destroy();
      });
      socket.on('error', () => resolve(false));
    });
    expect(spoken).toBe(isSpoken);
  });
});
