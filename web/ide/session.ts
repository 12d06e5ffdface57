/** The part of Web Storage that is used. */
type Store = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;

const key = 'todoql:session';

/** A session that an operation in the IDE has opened. */
interface SignedIn {
  readonly token: string;
  /** Present if the operation selected it. */
  readonly email: string | null;
}

/** The session of the IDE, found in responses. It lasts as long as the store, which is that of one browser tab. */
export class Session {
  #signedIn: SignedIn | null;
  /** Tokens that may be replaced: those from responses, and the one that a log-in was sent with. Others are the user's. */
  readonly #replaceable = new Set<string>();
  readonly #listeners = new Set<() => void>();
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
    this.#signedIn = parseSignedIn(store.getItem(key));
    if (this.#signedIn) this.#replaceable.add(bearer(this.#signedIn.token));
  }

  readonly get = (): SignedIn | null => this.#signedIn;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Looks in a response for a new access token, or for an error that the current one is invalid. */
  learnFrom(status: number, answer: unknown, sentAuthorization: string | undefined): void {
    const opened = openedSession(answer);
    if (opened) {
      for (const value of [sentAuthorization, bearer(opened.token)]) if (value) this.#replaceable.add(value);
      this.#change(opened);
    } else if (this.#signedIn && sentAuthorization === bearer(this.#signedIn.token)) {
      if (status === 401 || hasLoggedOut(answer)) this.#change(null);
    }
  }

  /** The text of the Headers tab with the token added or removed. Keeps the user's own headers. */
  fillIn(headers: string): string {
    const parsed = parseObject(headers);
    if (parsed === null) return headers;
    const name = Object.keys(parsed).find((name) => name.toLowerCase() === 'authorization') ?? 'Authorization';
    if (name in parsed && !this.#replaceable.has(String(parsed[name]))) return headers;
    const wanted = this.#signedIn ? bearer(this.#signedIn.token) : undefined;
    if (parsed[name] === wanted) return headers;
    const filled = JSON.stringify({ ...parsed, [name]: wanted }, null, 2);
    return filled === '{}' ? '' : filled;
  }

  #change(signedIn: SignedIn | null): void {
    this.#signedIn = signedIn;
    if (signedIn) this.#store.setItem(key, JSON.stringify(signedIn));
    else this.#store.removeItem(key);
    for (const listener of this.#listeners) listener();
  }
}

/** null if there is none, or it cannot be parsed. */
function parseSignedIn(text: string | null): SignedIn | null {
  const parsed = parseObject(text ?? '');
  if (typeof parsed?.token !== 'string') return null;
  return { token: parsed.token, email: typeof parsed.email === 'string' ? parsed.email : null };
}

const bearer = (token: string): string => `Bearer ${token}`;

/** Looks in all fields, whatever their alias: signup, login and future ones. */
function openedSession(answer: unknown): SignedIn | null {
  for (const payload of payloads(answer)) {
    const { accessToken, user } = payload as { accessToken?: unknown; user?: { email?: unknown } | null };
    if (typeof accessToken !== 'string') continue;
    return { token: accessToken, email: typeof user?.email === 'string' ? user.email : null };
  }
  return null;
}

function hasLoggedOut(answer: unknown): boolean {
  const { logout } = ((answer as { data?: unknown } | null)?.data ?? {}) as { logout?: { success?: unknown } };
  return logout?.success === true;
}

function payloads(answer: unknown): object[] {
  const data = (answer as { data?: unknown } | null)?.data;
  if (typeof data !== 'object' || data === null) return [];
  return Object.values(data).filter((value) => typeof value === 'object' && value !== null);
}

/** null if the text cannot be parsed: a partially typed line, or JSON with comments. */
function parseObject(text: string): Record<string, unknown> | null {
  try {
    const parsed: unknown = JSON.parse(text.trim() || '{}');
    return typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed) ? { ...parsed } : null;
  } catch {
    return null;
  }
}
