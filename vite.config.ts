// How the page is built, and how it is served while it is worked on: `npx vite`, beside a daemon whose address PLIMSOLL_URL names.
import { join } from 'node:path'
import { defineConfig } from 'vite'

const root = import.meta.dirname

export default defineConfig({
  root: join(root, 'src/web'),
  publicDir: false,
  esbuild: { jsx: 'automatic', jsxImportSource: 'preact' },
  build: {
    outDir: join(root, 'dist/web'),
    emptyOutDir: true,
    // Browsers of the last two years: colours that follow the scheme need them.
    target: ['chrome123', 'firefox120', 'safari17.5'],
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rollupOptions: {
      // Comments of packages that are meant for another bundler.
      onwarn: (warning, warn) => {
        if (warning.code !== 'INVALID_ANNOTATION') warn(warning)
      },
    },
  },
  server: { proxy: { '/v1': process.env['PLIMSOLL_URL'] ?? 'http://127.0.0.1:4160' } },
})
