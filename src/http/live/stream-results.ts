import type { ServerResponse } from 'node:http';
import type { FastifyReply } from 'fastify';
import type { StreamFormat } from './formats.ts';
import type { LiveOperation, LiveResult } from './live-operation.ts';

/** Milliseconds between two signs of life: less than the 60 seconds after which most proxies close a silent connection. */
export const heartbeatInterval = 20_000;

/** Milliseconds that a client may take to read the last result. */
const longestFarewell = 1_000;

/** Streams the results of an operation, each once the client has taken the one before. */
export async function streamResults(
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
  const heartbeat = setInterval(() => {
    // A client that reads slowly gets a sign of life all the time.
    if (raw.writableLength === 0) raw.write(format.heartbeat);
  }, heartbeatInterval);
  operation.onEnd(() => setTimeout(() => raw.destroy(), longestFarewell).unref());
  try {
    await write(raw, format.start + format.result(first.json));
    for await (const { json } of rest) await write(raw, format.result(json));
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
