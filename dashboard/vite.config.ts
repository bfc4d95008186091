import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { defineConfig, type Plugin } from 'vite';

const assets = join(import.meta.dirname, 'dist', 'assets');

/** Compresses what compresses well, once, so that the server need not do it for each visitor. */
function compressAssets(): Plugin {
  return {
    name: 'compress-assets',
    apply: 'build',
    closeBundle() {
      for (const name of readdirSync(assets).filter((file) => /\.(js|css|svg|ttf)$/.test(file))) {
        writeFileSync(join(assets, `${name}.gz`), gzipSync(readFileSync(join(assets, name)), { level: 9 }));
      }
    },
  };
}

export default defineConfig({
  base: '/dashboard/',
  plugins: [compressAssets()],
  build: {
    target: 'es2023',
    // Sent as files: a data: URL would need an exception in the security policy.
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 4_000,
    rollupOptions: {
      // "use client" means nothing where there is no server rendering.
      onwarn: (warning, warn) => {
        if (warning.code !== 'MODULE_LEVEL_DIRECTIVE') warn(warning);
      },
      input: ['home', 'sandbox', 'index', 'explorer'].map((page) =>
        join(import.meta.dirname, `${page}.html`),
      ),
    },
  },
  // `npx vite dashboard` beside a running server: the page reloads as it is edited.
  server: { proxy: { '/graphql': 'http://127.0.0.1:4000' } },
});
