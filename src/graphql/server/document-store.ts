import { type DocumentNode, visit } from 'graphql';
import { LRUCache } from 'lru-cache';

/** Bytes of all parsed documents and of what is compiled of them: hundreds of usual ones. */
const maximumSize = 24_000_000;

// Bytes for each node of a document, measured on the heap: with its location, and what graphql-jit makes of it.
const parsedNode = 500;
const compiledNode = 1_000;

/** The parsed documents that have passed every check. What is made of a document is kept by it, and goes with it. */
export class DocumentStore {
  readonly #kept = new LRUCache<string, DocumentNode>({ maxSize: maximumSize });
  readonly #keys = new WeakMap<DocumentNode, string>();

  async get(key: string): Promise<DocumentNode | undefined> {
    return this.#kept.get(key);
  }

  /** Apollo hands over what it has parsed; it is kept once it has passed. */
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

  /** What was compiled of a document takes more room than the document. */
  countCompiled(document: DocumentNode): void {
    const key = this.#keys.get(document);
    if (key === undefined) return;
    // What is set again with the same value keeps the size that it had.
    this.#kept.delete(key);
    this.#kept.set(key, document, { size: bytesOf(document, parsedNode + compiledNode) });
  }
}

/** A character takes two bytes where one of the text is beyond Latin 1. */
function bytesOf(document: DocumentNode, perNode: number): number {
  let nodes = 0;
  visit(document, { enter: () => void nodes++ });
  return 2 * (document.loc?.source.body.length ?? 0) + nodes * perNode;
}

/** Each token holds the next one, comments too. What is left of them are those that say where a node stands. */
function unlinkTokens(document: DocumentNode): void {
  visit(document, {
    enter({ loc }) {
      if (!loc) return;
      for (const token of [loc.startToken, loc.endToken]) Object.assign(token, { prev: null, next: null });
    },
  });
}
