import { gzipSync } from 'node:zlib';
import type { Plugin } from 'vite';

/** Bytes of gzipped JavaScript. */
const firstView = 150_000;

/** Fails the build if the JavaScript of the first view exceeds its budget. */
export function budget(): Plugin {
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
      if (size > firstView)
        this.error(`The first view loads ${size} bytes of gzipped JavaScript; its budget is ${firstView}.`);
      this.info(`The first view loads ${size} of at most ${firstView} bytes of gzipped JavaScript.`);
    },
  };
}
