import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import type { Config } from '../config.ts';
import { StartError } from '../errors.ts';
import { productName } from '../product-name.ts';

/** Milliseconds. The server itself gives its database 1.5 seconds to answer. */
const patience = 5_000;

// A client cannot rely on connecting to the wildcard address.
const loopback: Readonly<Record<string, string>> = { '0.0.0.0': '127.0.0.1', '::': '::1' };

/**
 * Asks the server on HOST and PORT whether it can serve requests: for containers, whose images have no curl.
 * @returns the exit code 0 @throws StartError if it cannot, or nothing answers
 */
export async function checkHealth({ host, port }: Config): Promise<number> {
  if (port === 0) throw new StartError('With PORT=0, only the server itself knows its port. Set another PORT.');
  const address = loopback[host] ?? host;
  const url = `http://${address.includes(':') ? `[${address}]` : address}:${port}`;
  const status = await statusOf(`${url}/readyz`);
  if (status === 503)
    throw new StartError(`The server at ${url} is not ready: its database does not answer or is read-only.`);
  if (status !== 200)
    throw new StartError(`What answers at ${url} is not ${productName}: /readyz has status ${status}.`);
  console.log(`The server at ${url} is ready.`);
  return 0;
}

/** Without fetch, which takes half as long again to load. */
async function statusOf(url: string): Promise<number | undefined> {
  try {
    const asking = request(url, { signal: AbortSignal.timeout(patience) }).end();
    const [response] = (await once(asking, 'response')) as [IncomingMessage];
    response.destroy();
    return response.statusCode;
  } catch (error) {
    const { code, name } = error as NodeJS.ErrnoException;
    if (name === 'AbortError') throw new StartError(`Nothing answered at ${url} within ${patience / 1_000} seconds.`);
    throw new StartError(`No server answers at ${url} (${code}).`);
  }
}
