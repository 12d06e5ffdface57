import { defineConfig } from 'vitest/config';

export default defineConfig({
  // One copy of graphql: its ES and CommonJS builds do not know each other's types.
  resolve: { alias: [{ find: /^graphql$/, replacement: 'graphql/index.js' }] },
  test: {
    globalSetup: 'tests/support/cluster.ts',
    include: ['tests/**/*.test.ts'],
    // Left to itself, vitest keeps a core for its own process, which has little to do.
    maxWorkers: '100%',
    // Loading everything anew for each file takes a third of the time. Nothing changes a module's state, or mocks one.
    isolate: false,
    // When to give up, and no more: a machine that is busy with other things as well may need a minute.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    expect: { poll: { timeout: 60_000 } },
    // CI closes with one line that any reader can count.
    reporters: process.env.CI ? ['default', 'json'] : ['default'],
    outputFile: { json: 'coverage/tests.json' },
  },
});
