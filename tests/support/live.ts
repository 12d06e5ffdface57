import { onTestFinished } from 'vitest';
import type { Client, ReplyError } from './client.ts';

/** An execution result of a subscription. */
export interface LiveEvent {
  readonly data?: {
    changes: { changes: { id: string; kind: string; typeName: string }[]; cursor: string; hasMore: boolean };
  };
  readonly errors?: readonly ReplyError[];
}

export const subscription = `subscription ($after: String) {
  changes(after: $after) { changes { kind id typeName record { id ... on Task { title } } } cursor hasMore }
}`;

/** A stream of server-sent events. */
export class EventStream {
  #text = '';
  isComplete = false;

  private constructor(
    readonly response: Response,
    private readonly reader: ReadableStreamDefaultReader<string>,
    private readonly controller: AbortController,
  ) {}

  static async open(
    client: Client,
    variables: Record<string, unknown> = {},
    {
      query = subscription,
      body = { query, variables },
      headers = {},
    }: { query?: string; body?: object; headers?: Record<string, string> } = {},
  ): Promise<EventStream> {
    const controller = new AbortController();
    const response = await fetch(`${client.url}/graphql`, {
      method: 'POST',
      body: JSON.stringify(body),
      headers: {
        'content-type': 'application/json',
        accept: 'text/event-stream',
        'x-forwarded-for': client.address,
        ...(client.token !== null && { authorization: `Bearer ${client.token}` }),
        ...headers,
      },
      signal: controller.signal,
    });
    const reader = (response.body as ReadableStream<Uint8Array>).pipeThrough(new TextDecoderStream()).getReader();
    const stream = new EventStream(response, reader, controller);
    onTestFinished(() => stream.close());
    return stream;
  }

  /** The next block of lines, as sent. @returns null at the end */
  async block(): Promise<string | null> {
    while (!this.#text.includes('\n\n')) {
      const { value, done } = await this.reader.read();
      if (done) return null;
      this.#text += value;
    }
    const end = this.#text.indexOf('\n\n');
    const block = this.#text.slice(0, end);
    this.#text = this.#text.slice(end + 2);
    return block;
  }

  /** Reads on until this text has come, and drops what came before its end. */
  async text(expected: string): Promise<void> {
    while (!this.#text.includes(expected)) {
      const { value, done } = await this.reader.read();
      if (done) throw new Error(`The stream ended without ${expected}: ${this.#text}`);
      this.#text += value;
    }
    this.#text = this.#text.slice(this.#text.indexOf(expected) + expected.length);
  }

  /** The next result. @returns null after the last */
  async next(): Promise<LiveEvent | null> {
    for (let block = await this.block(); block !== null; block = await this.block()) {
      if (block.startsWith(':')) continue;
      const [, event, data = ''] = /^event: (\w+)\ndata: ?(.*)$/.exec(block) ?? [];
      if (event === 'complete') this.isComplete = true;
      if (event === 'next') return JSON.parse(data);
    }
    return null;
  }

  /** The page of the next result. */
  async page() {
    const event = await this.next();
    if (!event?.data) throw new Error(`There is no page: ${JSON.stringify(event)}`);
    return event.data.changes;
  }

  /** The ids of the changes that come, until there are so many. */
  async ids(count: number): Promise<string[]> {
    const ids: string[] = [];
    while (ids.length < count) ids.push(...(await this.page()).changes.map(({ id }) => id));
    return ids;
  }

  close(): void {
    this.controller.abort();
  }
}
