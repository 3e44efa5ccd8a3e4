import { defineConfig } from 'vite';

const root = import.meta.dirname;
const api = 'http://127.0.0.1:3000';
const apiRoutes = ['/desafio', '/votar', '/paredao', '/resultado', '/total', '/login', '/paredoes'];

/** `/resultado` is an API route but `/resultado.html` is a page: match whole path segments only. */
const proxy = Object.fromEntries(apiRoutes.map((route) => [`^${route}(?:[/?]|$)`, { target: api }]));

export default defineConfig({
  root,
  server: { proxy },
  worker: { format: 'es' },
  build: {
    outDir: '../dist/web',
    emptyOutDir: true,
    target: 'es2022',
    // A data: URI would need a hole in the content security policy.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      input: {
        index: `${root}/index.html`,
        resultado: `${root}/resultado.html`,
        painel: `${root}/painel.html`,
      },
    },
  },
});
