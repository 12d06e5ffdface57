import { type DocumentNode, visit } from 'graphql';
import { LRUCache } from 'lru-cache';

/** Bytes of all parsed documents and their compiled functions: hundreds of typical ones. */
const maximumSize = 24_000_000;

// Bytes per node of a document, measured on the heap: parsed with its location, and compiled by graphql-jit.
const parsedNode = 500;
const compiledNode = 1_000;

/** Caches the parsed documents that have passed every check. What is derived from a document lives as long as it does. */
export class DocumentStore {
  readonly #kept = new LRUCache<string, DocumentNode>({ maxSize: maximumSize });
  readonly #keys = new WeakMap<DocumentNode, string>();

  async get(key: string): Promise<DocumentNode | undefined> {
    return this.#kept.get(key);
  }

  /** Called by Apollo with a parsed document; `keep` stores it once it has passed every check. */
  async set(key: string, document: DocumentNode): Promise<void> {
    this.#keys.set(document, key);
  }

  async delete(key: string): Promise<void> {
    this.#kept.delete(key);
  }

  keep(document: DocumentNode): void {
    const key = this.#keys.get(document);
    if (key === undefined || this.#kept.has(key)) return;
    unlinkTokens(document);
    this.#kept.set(key, document, { size: bytesOf(document, parsedNode) });
  }

  /** Adds the size of the compiled function, which is larger than the document. */
  countCompiled(document: DocumentNode): void {
    const key = this.#keys.get(document);
    if (key === undefined) return;
    // Setting the same value again would keep the old size.
    this.#kept.delete(key);
    this.#kept.set(key, document, { size: bytesOf(document, parsedNode + compiledNode) });
  }
}

/** Two bytes per character, as V8 stores texts with a character beyond Latin 1. */
function bytesOf(document: DocumentNode, perNode: number): number {
  let nodes = 0;
  visit(document, { enter: () => void nodes++ });
  return 2 * (document.loc?.source.body.length ?? 0) + nodes * perNode;
}

/** Unlinks the chain of tokens, which includes comments. The tokens that locate a node remain. */
function unlinkTokens(document: DocumentNode): void {
  visit(document, {
    enter({ loc }) {
      if (!loc) return;
      for (const token of [loc.startToken, loc.endToken]) Object.assign(token, { prev: null, next: null });
    },
  });
}
