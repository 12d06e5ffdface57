import { createHash } from 'node:crypto';
import { validate as isUuid } from 'uuid';
import { badUserInput } from '../../errors.ts';

/** A position in an order: the value of the sort key, and the id as the tie-breaker. */
export interface CursorPosition {
  readonly key: string | number;
  readonly id: string;
}

/**
 * The type of a sort key. Instants and wall-clock times are encoded as milliseconds, which PostgreSQL always accepts, unlike
 * a text; a wall-clock time can also be infinite.
 */
export type KeyKind = 'instant' | 'wallClock' | 'smallint' | 'text';

const startOfYear1 = -62_135_596_800_000;
const endOfYear9999 = 253_402_300_799_999;

export function isInfinity(key: unknown): boolean {
  return key === 'infinity' || key === '-infinity';
}

const isKeyOfKind: Readonly<Record<KeyKind, (key: unknown) => boolean>> = {
  instant: (key) => Number.isInteger(key) && Number(key) >= 0 && Number(key) <= endOfYear9999,
  wallClock: (key) =>
    isInfinity(key) || (Number.isInteger(key) && Number(key) >= startOfYear1 && Number(key) <= endOfYear9999),
  smallint: (key) => Number.isInteger(key) && Math.abs(Number(key)) < 2 ** 15,
  text: (key) => typeof key === 'string' && key.isWellFormed() && !key.includes('\0'),
};

/**
 * Encodes and decodes the cursors of one connection. They are opaque, and bound to the viewer, the order and the filter:
 * elsewhere they would be meaningless.
 */
export class CursorCodec {
  readonly #boundTo: unknown[];
  #known: string | undefined;
  readonly #kind: KeyKind;

  constructor(kind: KeyKind, ...boundTo: unknown[]) {
    this.#kind = kind;
    this.#boundTo = boundTo;
  }

  /** Computed with the first cursor: most nested pages need none. */
  get #fingerprint(): string {
    // 72 bits: no collisions by chance between connections of one user, and short cursors.
    this.#known ??= createHash('sha256').update(JSON.stringify(this.#boundTo)).digest('base64url').slice(0, 12);
    return this.#known;
  }

  /** The codec for the same connection below one record. */
  below(parentId: string): CursorCodec {
    return new CursorCodec(this.#kind, ...this.#boundTo, parentId);
  }

  encode({ key, id }: CursorPosition): string {
    return Buffer.from(JSON.stringify([this.#fingerprint, key, id])).toString('base64url');
  }

  /**
   * @param argument `after` or `before`, named in the error
   * @throws AppError BAD_USER_INPUT for a cursor that this connection did not issue
   */
  decode(cursor: string, argument: string): CursorPosition {
    const [fingerprint, key, id] = partsOf(cursor);
    if (fingerprint === this.#fingerprint && isKeyOfKind[this.#kind](key) && typeof id === 'string' && isUuid(id)) {
      return { key: key as string | number, id };
    }
    const message = 'This cursor belongs to another list, order or filter. Start again without it.';
    throw badUserInput([{ path: [argument], code: 'INVALID_CURSOR', message }]);
  }
}

/** The parts of a cursor, which is a JSON array in base64url; none if it is not. */
export function partsOf(cursor: string): unknown[] {
  try {
    const decoded: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString());
    return Array.isArray(decoded) ? decoded : [];
  } catch {
    return [];
  }
}
