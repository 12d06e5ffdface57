// What Node's own fetch keeps its connections in, and looks up for each request.
const key = Symbol.for('undici.globalDispatcher.1');

interface Dispatcher {
  readonly constructor: new () => Dispatcher;
  close(): Promise<void>;
}

/** fetch keeps connections open, on which a server that stops waits a second for what might still come. */
export function closeConnections(): void {
  const holder = globalThis as { [key]?: Dispatcher };
  const dispatcher = holder[key];
  if (!dispatcher) return;
  holder[key] = new dispatcher.constructor();
  void dispatcher.close();
}
