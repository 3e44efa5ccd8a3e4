import { expect, it } from '@jest/globals';

import { compose, describeWithCompose } from './compose.ts';

describeWithCompose('the stack whose nginx ends TLS', () => {
  const FILES = ['docker-compose.yml', 'docker-compose.tls.yml'];

  it('opens a plain port and one with TLS, with the certificate from outside', () => {
    const { ports, volumes } = compose(FILES, { TLS_FOLDER: '/srv/tls', HTTP_PORT: '80' }).services['nginx']!;
    expect(ports?.toSorted()).toEqual(['0.0.0.0:443:8443/tcp', '0.0.0.0:80:8080/tcp']);
    expect(volumes).toEqual(
      expect.arrayContaining([
        expect.stringContaining('nginx/tls/server.conf:/etc/nginx/site/server.conf:ro'),
        expect.stringContaining('nginx/tls/redirect.conf:/etc/nginx/site/more/redirect.conf:ro'),
        expect.stringContaining('/srv/tls:/etc/nginx/tls:ro'),
      ]),
    );
  });

  it('does not start without a certificate', () => {
    expect(() => compose(FILES)).toThrow(/certificate\.pem/);
  });
});
