import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { defineConfig, type Plugin } from 'vite';

/** Leaves each text file also packed, so that the server packs none while somebody waits. */
function packed(): Plugin {
  return {
    name: 'packed',
    apply: 'build',
    writeBundle({ dir }) {
      for (const name of readdirSync(dir ?? '', { recursive: true, encoding: 'utf8' })) {
        const file = join(dir ?? '', name);
        if (!/\.(?:js|css|html|svg|webmanifest)$/.test(name) || !statSync(file).isFile()) continue;
        const content = readFileSync(file);
        writeFileSync(`${file}.br`, brotliCompressSync(content));
        writeFileSync(`${file}.gz`, gzipSync(content, { level: 9 }));
      }
    },
  };
}

/** `npm run build:web` makes web/dist, which the server gives out; `npx vite web` serves the sources beside a running `npm start`. */
export default defineConfig({
  root: import.meta.dirname,
  plugins: [packed()],
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    target: 'es2023',
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    sourcemap: false,
  },
  server: {
    proxy: Object.fromEntries(
      ['/api', '/apis', '/openapi', '/problems'].map((path) => [path, { target: 'https://127.0.0.1:8443', secure: false }]),
    ),
  },
});
