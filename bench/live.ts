import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import type { Size } from './data.ts';
import { formatRate, measure } from './measure.ts';
import { median } from './results.ts';
import { type Server, startServer, type World } from './server.ts';
import type { Side } from './sides.ts';
import { tokenOf } from './tokens.ts';

const subscribers = 1_000;

/** As many as a user may have. */
const perUser = 20;

interface LiveOptions extends Size {
  readonly rounds: number;
  readonly warmUp: number;
  readonly duration: number;
}

/** Prints what idle subscribers do to Q1, measured beside them and without them in turn. */
export async function measureLive(side: Side, world: World, options: LiveOptions): Promise<void> {
  const server = await startServer(side, world);
  try {
    await measure(server, 'Q1', options, options.warmUp);
    const ratios: number[] = [];
    const micros: number[] = [];
    for (let round = 1; round <= options.rounds; round += 1) {
      const alone = await measure(server, 'Q1', options, options.duration);
      const streams = await Promise.all(
        Array.from({ length: subscribers }, (_, nth) => subscribe(server, options, nth)),
      );
      const beside = await measure(server, 'Q1', options, options.duration);
      for (const stream of streams) stream.destroy();
      ratios.push(beside.rate / alone.rate);
      micros.push((beside.serverMicros + beside.postgresMicros) / (alone.serverMicros + alone.postgresMicros));
      console.log(
        `round ${round}/${options.rounds}  Q1 alone ${formatRate(alone.rate)}/s, beside them ${formatRate(beside.rate)}/s`,
      );
    }
    console.log(
      `\nQ1 beside ${subscribers} idle subscribers: ${spread(ratios)} times its throughput alone, ${spread(micros)} of the processor time`,
    );
  } finally {
    await server.stop();
  }
}

function spread(values: readonly number[]): string {
  const [least, most] = [Math.min(...values), Math.max(...values)].map((value) => value.toFixed(2));
  return `${median(values).toFixed(2)} (${least} to ${most})`;
}

/** Subscribes as the user who is so many places before the last one. @returns once the first page has come */
async function subscribe({ url, secret }: Server, { users }: Size, nth: number) {
  const authorization = `Bearer ${tokenOf(secret, users - 1 - Math.floor(nth / perUser))}`;
  const headers = { 'content-type': 'application/json', accept: 'text/event-stream', authorization };
  const sent = request(`${url}/graphql`, { method: 'POST', headers, agent: false });
  sent.on('error', () => {}).end(JSON.stringify({ query: 'subscription { changes { changes { id } cursor } }' }));
  const [response]: IncomingMessage[] = await once(sent, 'response');
  if (response?.statusCode !== 200) throw new Error('A subscription was refused.');
  response.setEncoding('utf8').on('error', () => {});
  await once(response, 'data');
  return sent;
}
