// The pool of connections of Node's fetch, which looks it up for each request.
const key = Symbol.for('undici.globalDispatcher.1');

interface Dispatcher {
  readonly constructor: new () => Dispatcher;
  close(): Promise<void>;
}

/** Closes the connections that fetch keeps open, because a stopping server waits a second for requests on them. */
export function closeConnections(): void {
  const holder = globalThis as { [key]?: Dispatcher };
  const dispatcher = holder[key];
  if (!dispatcher) return;
  holder[key] = new dispatcher.constructor();
  void dispatcher.close();
}
