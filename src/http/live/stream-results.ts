import type { ServerResponse } from 'node:http';
import type { FastifyReply } from 'fastify';
import type { StreamFormat } from './formats.ts';
import type { LiveOperation, LiveResult } from './live-operation.ts';

/** Milliseconds between two signs of life: less than the 60 seconds after which most proxies close a silent connection. */
export const heartbeatInterval = 20_000;

/** Milliseconds that a client may take to read the last result. */
const longestFarewell = 1_000;

/** Streams the results of an operation, each once the client has taken the one before. */
export function streamResults(
  reply: FastifyReply,
  format: StreamFormat,
  operation: LiveOperation,
  first: LiveResult,
  rest: AsyncGenerator<LiveResult, void>,
): Promise<void> {
  reply.hijack();
  const { raw } = reply;
  // Proxies such as nginx would gather the events.
  const headers = { ...reply.getHeaders(), 'content-type': format.contentType, 'x-accel-buffering': 'no' };
  raw.writeHead(200, headers as Record<string, string | string[]>);
  operation.onEnd(() => setTimeout(() => raw.destroy(), longestFarewell).unref());
  // Not in the loop, which would keep the result as long as it runs.
  const written = write(raw, format.start + format.result(first.json));
  return streamRest(raw, format, operation, written, rest);
}

async function streamRest(
  raw: ServerResponse,
  format: StreamFormat,
  operation: LiveOperation,
  written: Promise<void>,
  rest: AsyncGenerator<LiveResult, void>,
): Promise<void> {
  const heartbeat = setInterval(() => {
    // A client that reads slowly gets a sign of life all the time.
    if (raw.writableLength === 0) raw.write(format.heartbeat);
  }, heartbeatInterval);
  const writeNext = async (): Promise<boolean> => {
    const { value } = await rest.next();
    if (value) await write(raw, format.result(value.json));
    return value !== undefined;
  };
  try {
    await written;
    while (await writeNext());
  } finally {
    clearInterval(heartbeat);
    operation.close();
    raw.end(format.end);
  }
}

/** Resolves once the operating system has taken the text, or the connection is closed. */
function write(raw: ServerResponse, text: string): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  if (raw.destroyed) return Promise.resolve();
  raw.once('close', resolve);
  raw.write(text, () => {
    raw.off('close', resolve);
    resolve();
  });
  return promise;
}
