import { lookup } from 'node:dns/promises';
import type { FastifyInstance } from 'fastify';
import type { Config } from '../config.ts';
import { StartError } from '../errors.ts';
import type { Connections } from './connections.ts';

/**
 * @returns the address to reach the server at
 * @throws StartError if the address cannot be used
 */
export async function listen(
  server: FastifyInstance,
  connections: Connections,
  { host, port }: Config,
): Promise<string> {
  try {
    const [first = host, ...others] = host === 'localhost' ? await localAddresses() : [host];
    const address = await server.listen({ host: first, port });
    for (const other of others) await connections.listenAlso(Number(new URL(address).port), other);
    // Browsers cannot open the wildcard address. (For 0.0.0.0, Fastify reports 127.0.0.1 itself.)
    return address.replace('//[::]:', '//[::1]:');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EADDRINUSE')
      throw new StartError(`Port ${port} is taken. Stop what listens there, or set another PORT.`);
    if (code === 'EACCES') throw new StartError(`Port ${port} needs more rights than this user has. Set another PORT.`);
    if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND')
      throw new StartError(`HOST ${host} is not an address of this machine.`);
    if (code !== undefined) throw new StartError(`HOST ${host}, PORT ${port} cannot be listened on (${code}).`);
    throw error;
  }
}

/** Of both address families, because programs differ in which one they try. */
async function localAddresses(): Promise<string[]> {
  return (await lookup('localhost', { all: true })).map(({ address }) => address);
}
