import { defineConfig } from 'vite';
import { budget } from './budget.ts';

const server = process.env.TODOQL_URL ?? 'http://localhost:4000';

export default defineConfig({
  root: import.meta.dirname,
  plugins: [budget()],
  server: { proxy: { '/graphql': server } },
  build: {
    target: 'es2023',
    // A data: URL would need a wider content security policy.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // In a separate chunk, because libraries change less often than the page, and browsers cache them.
    rolldownOptions: { output: { codeSplitting: { groups: [{ name: 'libraries', test: /node_modules/ }] } } },
  },
});
