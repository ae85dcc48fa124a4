import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

const here = path.dirname(fileURLToPath(import.meta.url));

// The gateway serves the result as static files below /billing. JSX needs no plugin: the compiler reads tsconfig.json.
export default defineConfig({
  root: here,
  base: '/billing/',
  publicDir: false,
  build: {
    outDir: path.join(here, '../../dist/apps/billing-page'),
    emptyOutDir: true,
    target: 'es2022',
    // A strict content policy allows no data: scripts, and small files are cheap over one connection.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    manifest: 'manifest.json',
    reportCompressedSize: false,
  },
  server: {
    port: 5173,
    strictPort: true,
    // Development: a gateway on its usual port answers; open the page by a link of `POST /v1/portal-sessions`.
    proxy: { '/v1': process.env.BILLFLEET_PUBLIC_URL ?? 'http://127.0.0.1:3000' },
  },
});
