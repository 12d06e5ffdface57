type Answer = Record<string, unknown>;

/** Yields the result of each server-sent event, in the protocol of graphql-sse. */
export async function* readEvents(body: ReadableStream<BufferSource>): AsyncGenerator<Answer, void> {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let unread = '';
  for (let chunk = await reader.read(); !chunk.done; chunk = await reader.read()) {
    const events = `${unread}${chunk.value}`.split('\n\n');
    unread = events.pop() ?? '';
    for (const event of events) {
      const [, data] = /^event: next\ndata: (.+)$/.exec(event) ?? [];
      if (data) yield JSON.parse(data) as Answer;
    }
  }
}
