import { type DocumentNode, visit } from 'graphql';
import { LRUCache } from 'lru-cache';

/** Bytes of all parsed documents and of what is compiled of them: hundreds of usual ones. */
const maximumDocuments = 24_000_000;

/** Bytes of all texts that clients have registered, to name them by their hashes from then on. */
const maximumTexts = 3_000_000;

/**
 * The parsed documents that have passed every check, so that they need not pass again. Whatever is made of a document is
 * kept by the document itself, and goes with it.
 */
export class DocumentStore {
  readonly #kept = new LRUCache<string, DocumentNode>({ maxSize: maximumDocuments });
  readonly #unchecked = new WeakMap<DocumentNode, string>();
  readonly #keys = new WeakMap<DocumentNode, string>();

  async get(key: string): Promise<DocumentNode | undefined> {
    return this.#kept.get(key);
  }

  /** Apollo hands over what it has parsed; it is kept once it has passed. */
  async set(key: string, document: DocumentNode): Promise<void> {
    this.#unchecked.set(document, key);
  }

  async delete(key: string): Promise<void> {
    this.#kept.delete(key);
  }

  keep(document: DocumentNode): void {
    const key = this.#unchecked.get(document);
    if (key === undefined) return;
    this.#unchecked.delete(document);
    this.#keys.set(document, key);
    unlinkTokens(document);
    this.#kept.set(key, document, { size: bytesOf(document, bytesOfNode) });
  }

  /** What was compiled of a document takes more room than the document. */
  countCompiled(document: DocumentNode): void {
    const key = this.#keys.get(document);
    if (key === undefined) return;
    // What is set again with the same value keeps the size that it had.
    this.#kept.delete(key);
    this.#kept.set(key, document, { size: bytesOf(document, bytesOfNode + bytesOfCompiledNode) });
  }
}

/** Texts of documents by their hashes, as Apollo keeps them for clients that send the hash alone. */
export class DocumentTexts {
  readonly #kept = new LRUCache<string, string>({ maxSize: maximumTexts, sizeCalculation: bytesOfText });

  async get(key: string): Promise<string | undefined> {
    return this.#kept.get(key);
  }

  async set(key: string, text: string): Promise<void> {
    this.#kept.set(key, text);
  }

  async delete(key: string): Promise<void> {
    this.#kept.delete(key);
  }
}

// Measured on the heap, by nodes of the document: with its location, and what graphql-jit makes of it.
const bytesOfNode = 500;
const bytesOfCompiledNode = 1_000;

function bytesOf(document: DocumentNode, perNode: number): number {
  let nodes = 0;
  visit(document, {
    enter() {
      nodes += 1;
    },
  });
  return bytesOfText(document.loc?.source.body ?? '') + nodes * perNode;
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

/** As many as it takes with characters beyond Latin 1. */
function bytesOfText({ length }: string): number {
  return 2 * length;
}
