import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { constants, brotliCompressSync, gzipSync } from 'node:zlib';
import { type Plugin, defineConfig } from 'vite';

const root = import.meta.dirname;
/** Where `npm run dev` started the service. */
const { HOST = '127.0.0.1', PORT = '3000' } = process.env;
const EVERYWHERE: Record<string, string> = { '0.0.0.0': '127.0.0.1', '::': '::1' };
const apiHost = EVERYWHERE[HOST] ?? HOST;
const api = `http://${apiHost.includes(':') ? `[${apiHost}]` : apiHost}:${PORT}`;
const apiRoutes = [
  ...['/desafio', '/votar', '/paredao', '/resultado', '/total', '/login', '/senha', '/paredoes', '/fotos'],
  ...['/auditoria', '/sre'],
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

export default defineConfig({
  root,
  plugins: [parts, packed],
  server: { host: HOST, proxy },
  worker: { format: 'es' },
  build: {
    outDir: '../dist/web',
    emptyOutDir: true,
    target: 'es2022',
    // A data: URI would need a hole in the content security policy.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      // a slow machine is nobody's fault
      checks: { bundlerTimings: false },
      input: {
        index: `${root}/index.html`,
        resultado: `${root}/resultado.html`,
        painel: `${root}/painel.html`,
        sre: `${root}/sre.html`,
        auditoria: `${root}/auditoria.html`,
        admin: `${root}/admin.html`,
      },
    },
  },
});
