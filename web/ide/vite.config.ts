import { join } from 'node:path';
import { defineConfig } from 'vite';

const ownMonaco = JSON.stringify(join(import.meta.dirname, 'monaco.ts'));

export default defineConfig({
  root: import.meta.dirname,
  base: '/ide/',
  // The "use client" lines of dependencies, meaningless here, cause about fifty warnings.
  logLevel: 'error',
  plugins: [
    {
      name: 'smaller-monaco',
      enforce: 'pre',
      load: (id) => (id.endsWith('/monaco-graphql/esm/monaco-editor.js') ? `export * from ${ownMonaco};` : undefined),
    },
  ],
  build: {
    target: 'es2022',
    // A data: URL would need a wider content security policy.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  worker: { format: 'es' },
});
