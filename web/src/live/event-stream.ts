/** Milliseconds without a byte after which a connection is lost: the server sends a sign of life every 20 seconds. */
const longestSilence = 45_000;

/**
 * Yields the JSON of each result in server-sent events, as the protocol of graphql-sse sends them.
 * @throws if the connection is lost
 */
export async function* readResults(body: ReadableStream<BufferSource>): AsyncGenerator<unknown, void> {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  for (;;) {
    const { done, value } = await inTime(reader.read());
    if (done) throw new TypeError('The stream ended before it was complete.');
    const events = (text + value).split('\n\n');
    text = events.pop() ?? '';
    for (const event of events) {
      if (event.startsWith('event: complete')) return;
      const data = /^data: (.+)$/m.exec(event)?.[1];
      if (data) yield JSON.parse(data);
    }
  }
}

/** Rejects if nothing comes for too long. */
export async function inTime<T>(work: Promise<T>): Promise<T> {
  const { promise: silence, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new TypeError('The server is silent.')), longestSilence);
  try {
    return await Promise.race([work, silence]);
  } finally {
    clearTimeout(timer);
  }
}
