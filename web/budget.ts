import { gzipSync } from 'node:zlib';
import type { Plugin } from 'vite';

/** Fails the build if the gzipped JavaScript of the first view exceeds this number of bytes. */
export function budget(limit: number): Plugin {
  return {
    name: 'budget',
    generateBundle(_options, bundle) {
      const code = new Map<string, string>();
      const collect = (file: string): void => {
        const chunk = bundle[file];
        if (chunk?.type !== 'chunk' || code.has(file)) return;
        code.set(file, chunk.code);
        // Without dynamicImports, which are loaded on demand.
        chunk.imports.forEach(collect);
      };
      for (const chunk of Object.values(bundle)) if (chunk.type === 'chunk' && chunk.isEntry) collect(chunk.fileName);
      const size = [...code.values()].reduce((sum, text) => sum + gzipSync(text).length, 0);
      if (size > limit) this.error(`The first view loads ${size} bytes of gzipped JavaScript; its budget is ${limit}.`);
      this.info(`The first view loads ${size} of at most ${limit} bytes of gzipped JavaScript.`);
    },
  };
}
