import { afterAll, beforeAll, expect, inject, onTestFinished, test } from 'vitest';
import { type App, startApp } from '../../src/app.ts';
import { loadConfig } from '../../src/config.ts';
import { createLogger } from '../../src/observability/logger.ts';
import { Client, type Reply } from '../support/client.ts';
import { createDatabase, databaseUrl, dropDatabase } from '../support/databases.ts';
import { newSecret } from '../support/program.ts';

const me = '{ me { email } }';
const login = `mutation ($email: String!, $password: String!) {
  login(input: { email: $email, password: $password }) { accessToken refreshToken }
}`;
const refresh = `mutation ($refreshToken: String!) {
  refreshSession(input: { refreshToken: $refreshToken }) { accessToken refreshToken }
}`;

interface Tokens {
  readonly accessToken: string;
  readonly refreshToken: string;
}

interface Secrets {
  readonly jwtSecret: string;
  readonly jwtSecretPrevious: string | null;
}

let database: string;
beforeAll(async () => {
  database = await createDatabase(inject('adminUrl'), inject('template'));
});
afterAll(() => dropDatabase(inject('adminUrl'), database));

interface Instance {
  app: App;
  readonly inFlight: Set<Promise<unknown>>;
}

/** Two instances behind what a load balancer does: none that is being replaced is sent anything. */
class Fleet {
  readonly #instances: (Instance | null)[] = [null, null];

  /** Sends something to an instance; another `turn`, another instance, while there are both. */
  async send<Answer>(turn: number, request: (url: string) => Promise<Answer>): Promise<Answer> {
    const ready = this.#instances.filter((instance) => instance !== null);
    const instance = ready[turn % ready.length];
    if (!instance) throw new Error('No instance is left.');
    const sent = request(instance.app.url);
    instance.inFlight.add(sent);
    return sent.finally(() => instance.inFlight.delete(sent));
  }

  /** Takes an instance out, stops it when it has answered all, and puts one with other secrets in its place. */
  async replace(index: number, secrets: Secrets): Promise<void> {
    const instance = this.#instances[index];
    this.#instances[index] = null;
    await Promise.allSettled(instance?.inFlight ?? []);
    await instance?.app.stop();
    const env = { DATABASE_URL: databaseUrl(inject('adminUrl'), database), JWT_SECRET: secrets.jwtSecret };
    const config = { ...loadConfig(env), ...secrets, host: '127.0.0.1', port: 0, bcryptCost: 4 };
    const app = await startApp({ ...config, trustProxy: ['loopback'] }, createLogger('silent'));
    this.#instances[index] = { app, inFlight: new Set() };
  }

  async stop(): Promise<void> {
    await Promise.all(this.#instances.map((instance) => instance?.app.stop()));
  }
}

/** People who log in, read and refresh, and what they were refused. */
class People {
  readonly #fleet: Fleet;
  readonly #people: Client[];
  /** The sessions that were opened, each with its newest tokens, those that wait longest first. */
  readonly #sessions: { client: Client; tokens: Tokens }[] = [];
  /** Every access token that was ever handed out. */
  readonly #issued: { client: Client; token: string }[] = [];
  readonly refused: string[] = [];
  readonly done = { read: 0, refreshed: 0, repeated: 0, loggedIn: 0 };

  constructor(fleet: Fleet, people: Client[]) {
    this.#fleet = fleet;
    this.#people = people;
  }

  get total(): number {
    return Object.values(this.done).reduce((sum, count) => sum + count);
  }

  /** Of each 20 requests, at whichever instance, 2 are log-ins, and 2 refreshes, each of which is sent again. */
  async act(index: number): Promise<void> {
    const turn = Math.floor(index / 10);
    if (index % 10 === 0) await this.#logIn(turn);
    else if (index % 10 === 5) await this.#refresh(turn);
    else await this.#read(index);
  }

  async #logIn(turn: number): Promise<void> {
    const client = this.#people[turn % this.#people.length] as Client; // One of the ten.
    const { email, password } = client;
    const reply = await this.#fleet.send(turn, (url) => client.at(url).withToken(null).run(login, { email, password }));
    const tokens = this.#accept(reply, 'login');
    if (!tokens) return;
    this.#sessions.push({ client, tokens });
    this.#issued.push({ client, token: tokens.accessToken });
    this.done.loggedIn += 1;
  }

  /** The newest token every third time, or else any. */
  async #read(index: number): Promise<void> {
    const { length } = this.#issued;
    const issued = this.#issued[index % 3 === 0 ? length - 1 : (index * 7) % Math.max(length, 1)];
    if (!issued) return;
    const { client, token } = issued;
    const reply = await this.#fleet.send(index, (url) => client.at(url).withToken(token).run(me));
    if (this.#accept(reply, 'me')) this.done.read += 1;
  }

  /** Its answer is taken for lost, and asked for again at the other instance. */
  async #refresh(turn: number): Promise<void> {
    const session = this.#sessions.shift();
    if (!session) return;
    const { client, tokens } = session;
    const send = async (instance: number) => {
      const { refreshToken } = tokens;
      const asking = (url: string) => client.at(url).withToken(null).run(refresh, { refreshToken });
      return this.#accept(await this.#fleet.send(instance, asking), 'refreshSession');
    };
    const next = await send(turn);
    this.done.refreshed += 1;
    const again = await send(turn + 1);
    this.done.repeated += 1;
    if (!next || !again) return;
    if (next.refreshToken !== again.refreshToken) this.refused.push('The repeated refresh made another token.');
    this.#issued.push({ client, token: next.accessToken }, { client, token: again.accessToken });
    this.#sessions.push({ client, tokens: again });
  }

  #accept(reply: Reply, field: string): Tokens | null {
    const result = reply.status === 200 ? reply.partialData?.[field] : null;
    if (!result) this.refused.push(String(reply));
    return result ?? null;
  }
}

test('the secret is changed at up to 200 requests a second, and no valid token is refused', async () => {
  const [before, after] = [newSecret(), newSecret()];
  const fleet = new Fleet();
  await Promise.all([0, 1].map((index) => fleet.replace(index, { jwtSecret: before, jwtSecretPrevious: null })));
  onTestFinished(() => fleet.stop());
  const people = new People(
    fleet,
    await Promise.all(Array.from({ length: 10 }, (_, i) => fleet.send(i, (url) => Client.signUp(url)))),
  );
  const stream = streamTo(people);
  const untilServed = (count: number) => {
    const goal = people.total + count;
    return expect.poll(() => people.total, { interval: 10 }).toBeGreaterThan(goal);
  };

  await untilServed(100);
  // Every instance knows the new secret before any signs with it.
  const steps = [
    { jwtSecret: before, jwtSecretPrevious: after },
    { jwtSecret: after, jwtSecretPrevious: before },
  ];
  for (const secrets of steps) {
    for (const index of [0, 1]) {
      await fleet.replace(index, secrets);
      await untilServed(150);
    }
  }
  await stream.end();

  expect(people.refused.slice(0, 3).join('\n'), `${people.refused.length} were refused`).toBe('');
  expect(Math.min(...Object.values(people.done))).toBeGreaterThan(30);
});

/** Requests on their way at most: a slow machine answers so many in the time that each has. */
const mostInFlight = 50;

/** A request every 5 ms, whether or not the ones before are answered. */
function streamTo(people: People): { end(): Promise<void> } {
  const inFlight = new Set<Promise<void>>();
  let index = 0;
  const timer = setInterval(() => {
    if (inFlight.size === mostInFlight) return;
    const acting = people
      .act(index++)
      .catch((error: unknown) => void people.refused.push(String(error)))
      .finally(() => inFlight.delete(acting));
    inFlight.add(acting);
  }, 5);
  return {
    async end() {
      clearInterval(timer);
      await Promise.all(inFlight);
    },
  };
}
