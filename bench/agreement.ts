import { isDeepStrictEqual } from 'node:util';
import type { Size } from './data.ts';
import { type Act, lanesOf, type Operation, operations, type Step } from './operations.ts';
import { ask, type Server } from './server.ts';
import { having } from './sides.ts';
import { tokenOf } from './tokens.ts';

/**
 * Makes sure that all servers give the same answers, to their owners alone, before anything is timed.
 * @throws Error with the first two answers that differ
 */
export async function requireAgreement(servers: readonly Server[], size: Size): Promise<void> {
  const [reference, ...others] = servers;
  if (!reference) return;
  for (const [operation, { user, step }] of allSamples(size)) {
    const expected = await asks(reference, user, step);
    if (expected === null) throw new Error(`${reference.side.name} does not answer ${JSON.stringify(step)}.`);
    for (const server of having(operation, others)) {
      const actual = await asks(server, user, step);
      if (!isDeepStrictEqual(actual, expected)) throw new Error(difference(reference, expected, server, actual, step));
    }
  }
  for (const server of servers) await requireRefusals(server, size);
}

function allSamples(size: Size): [Operation, Act][] {
  return operations.flatMap((operation) => samplesOf(operation, size).map((act): [Operation, Act] => [operation, act]));
}

function samplesOf(operation: Operation, size: Size): Act[] {
  if (operation === 'MIX') return [];
  // A user who has already logged in answers for all: bcrypt takes its time.
  const count = operation === 'login' ? 1 : 4;
  return lanesOf(operation, size)[0]?.slice(0, count) ?? [];
}

const asks = ({ url, side, secret }: Server, user: number, step: Step): Promise<object | null> =>
  ask(url, side, tokenOf(secret, user), step);

/** A side that looked up neither owner nor session would be quick for the wrong reason. */
async function requireRefusals(server: Server, size: Size): Promise<void> {
  const [sample] = samplesOf('Q2', size);
  if (!sample) return;
  const { url, side, secret } = server;
  const stranger = await ask(url, side, tokenOf(secret, sample.user + 1), sample.step);
  if (stranger !== null) throw new Error(`${side.name} shows a user's task to another user.`);
  const endedSession = '019b0000-0000-7000-8000-000000000000';
  const loggedOut = await ask(url, side, tokenOf(secret, sample.user, endedSession), sample.step);
  if (loggedOut !== null) throw new Error(`${side.name} takes a token whose session has ended.`);
}

function difference(reference: Server, expected: object, server: Server, actual: object | null, step: Step): string {
  const show = (answer: object | null): string => JSON.stringify(answer)?.slice(0, 1_000);
  return [
    `${JSON.stringify(step)} is answered differently:`,
    `  ${reference.side.name}: ${show(expected)}`,
    `  ${server.side.name}: ${show(actual)}`,
  ].join('\n');
}
