/** How the results of an operation are streamed in an HTTP response. */
export interface StreamFormat {
  readonly contentType: string;
  /** Written before the first result. */
  readonly start: string;
  result(json: string): string;
  readonly heartbeat: string;
  readonly end: string;
}

/** The protocol of graphql-sse, "distinct connections mode". */
const eventStream: StreamFormat = {
  contentType: 'text/event-stream; charset=utf-8',
  start: '',
  result: (json) => `event: next\ndata: ${json}\n\n`,
  heartbeat: ':\n\n',
  end: 'event: complete\ndata:\n\n',
};

const boundary = '--graphql';
const part = (json: string) => `\r\ncontent-type: application/json; charset=utf-8\r\n\r\n${json}\r\n${boundary}`;

/** Apollo's "multipart subscription protocol", version 1.0. Each part ends with the boundary, so that clients read it at once. */
const multipart: StreamFormat = {
  contentType: 'multipart/mixed; boundary="graphql"; subscriptionSpec="1.0"',
  start: boundary,
  result: (json) => part(`{"payload":${json}}`),
  heartbeat: part('{}'),
  end: '--\r\n',
};

/** The format that an Accept header asks for; null: none. */
export function streamFormatOf(accept = ''): StreamFormat | null {
  for (const [type, ...parameters] of rangesOf(accept)) {
    if (type === 'text/event-stream') return eventStream;
    if (type === 'multipart/mixed' && parameters.some((each) => /^subscriptionspec="?1\.0"?$/.test(each))) {
      return multipart;
    }
  }
  return null;
}

const json = ['application/json', 'application/graphql-response+json', 'application/*', '*/*'];

/** Whether an ordinary response is accepted as well: some clients send one header for operations of all kinds. */
export function acceptsJson(accept = ''): boolean {
  return rangesOf(accept).some(([type = '']) => json.includes(type));
}

function rangesOf(accept: string): string[][] {
  const ranges = accept.toLowerCase().split(',');
  return ranges.map((range) => range.split(';').map((text) => text.trim()));
}
