import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { constants, brotliCompressSync, gzipSync } from 'node:zlib';
import { type Plugin, defaultClientConditions, defineConfig } from 'vite';

const root = import.meta.dirname;
/** Where `npm run dev` started the service. */
const { HOST = '127.0.0.1', PORT = '3000' } = process.env;
const EVERYWHERE: Record<string, string> = { '0.0.0.0': '127.0.0.1', '::': '::1' };
const apiHost = EVERYWHERE[HOST] ?? HOST;
const api = `http://${apiHost.includes(':') ? `[${apiHost}]` : apiHost}:${PORT}`;
const apiRoutes = [
  ...['/desafio', '/votar', '/paredao', '/resultado', '/total', '/palco', '/login', '/senha', '/paredoes', '/fotos'],
  ...['/auditoria', '/sre', '/urna'],
];

/** `/resultado` is an API route but `/resultado.html` is a page: match whole path segments only. */
const proxy = Object.fromEntries(apiRoutes.map((route) => [`^${route}(?:[/?]|$)`, { target: api }]));

/** `<!-- part: login -->` stands for `parts/login.html`: what pages have in common is written once. */
const parts: Plugin = {
  name: 'parts',
  transformIndexHtml: {
    order: 'pre',
    handler: (page) =>
      page.replaceAll(/^( *)<!-- part: (\w+) -->$/gm, (_line, indent: string, name: string) => {
        const part = readFileSync(join(root, 'parts', `${name}.html`), 'utf8').trimEnd();
        return part.replaceAll(/^(?=.)/gm, indent);
      }),
  },
};

/** `<!-- body: index -->` stands for what is in the body of `index.html`: a preview of a page is that page. */
const bodies: Plugin = {
  name: 'bodies',
  transformIndexHtml: {
    order: 'pre',
    handler: (page) =>
      page.replace(/^ *<!-- body: (\w+) -->$/m, (_line, name: string) => {
        const whole = readFileSync(join(root, `${name}.html`), 'utf8');
        return whole.slice(whole.indexOf('>', whole.indexOf('<body')) + 1, whole.indexOf('</body>'));
      }),
  },
};

/** Writes `.gz` and `.br` beside every text file, packed as tightly as can be: servers then send them as they are. */
const packed: Plugin = {
  name: 'packed',
  apply: 'build',
  writeBundle({ dir = '' }, bundle) {
    for (const name of Object.keys(bundle).filter((file) => /\.(html|js|css|svg)$/.test(file))) {
      const content = readFileSync(join(dir, name));
      writeFileSync(join(dir, `${name}.gz`), gzipSync(content, { level: constants.Z_BEST_COMPRESSION }));
      writeFileSync(join(dir, `${name}.br`), brotliCompressSync(content));
    }
  },
};

/** Small pictures of the voter's page are part of it: `img-src` allows data: URIs, and each saves a request. */
const isArt = (path: string): boolean => path.endsWith('.svg');

/** Where Vite puts what pages load. */
const HASHED = 'assets/[name]-[hash][extname]';

export default defineConfig({
  root,
  plugins: [bodies, parts, packed],
  server: { host: HOST, proxy },
  // libraries by their #names are read as they are written: what the server makes of them may not be there yet
  resolve: { conditions: ['source', ...defaultClientConditions] },
  worker: { format: 'es' },
  build: {
    outDir: '../dist/web',
    emptyOutDir: true,
    target: 'es2022',
    cssTarget: 'safari15',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // a slow machine is nobody's fault
    rolldownOptions: { checks: { bundlerTimings: false } },
  },
  // The voter's page shares no script with the others: it has one of its own, so that it takes few requests.
  builder: {
    async buildApp(builder) {
      const { client, voter } = builder.environments;
      await builder.build(client!);
      await builder.build(voter!);
    },
  },
  environments: {
    voter: {
      consumer: 'client',
      build: {
        emptyOutDir: false,
        assetsInlineLimit: isArt,
        rolldownOptions: { input: { index: `${root}/index.html` }, output: { codeSplitting: false } },
      },
    },
    client: {
      build: {
        rolldownOptions: {
          input: {
            resultado: `${root}/resultado.html`,
            recibo: `${root}/recibo.html`,
            painel: `${root}/painel.html`,
            palco: `${root}/palco.html`,
            sre: `${root}/sre.html`,
            auditoria: `${root}/auditoria.html`,
            admin: `${root}/admin.html`,
            previa: `${root}/previa.html`,
            'previa-palco': `${root}/previa-palco.html`,
            urna: `${root}/src/styles/urna.css`,
          },
          // the pages that link to it are written by a service, which knows no hash
          output: { assetFileNames: ({ names }) => (names.includes('urna.css') ? '[name][extname]' : HASHED) },
        },
      },
    },
  },
});
