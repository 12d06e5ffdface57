import { expect, onTestFinished, test } from 'vitest';
import type { Client } from '../support/client.ts';
import { EventStream } from '../support/live.ts';
import { liveClients, type Subscribe } from '../support/live-clients.ts';
import { startServer, useServer } from '../support/server.ts';

const server = useServer();

/** How often each client reconnects while others write. */
const reconnects = 5;

/** The changes that an app has received, over several subscriptions. */
class App {
  readonly ids = new Set<string>();
  #after: string;

  constructor(
    private readonly subscribe: Subscribe,
    private readonly user: Client,
    cursor: string,
  ) {
    this.#after = cursor;
  }

  /** Subscribes with the latest cursor. @param isEnough when to leave */
  async connect(url: string, isEnough: (pages: number) => boolean): Promise<void> {
    const seen = this.subscribe(this.user.at(url), { after: this.#after });
    const note = () => {
      for (const { id } of seen.pages.flatMap(({ changes }) => changes)) this.ids.add(id);
      this.#after = seen.pages.at(-1)?.cursor ?? this.#after;
      return isEnough(seen.pages.length);
    };
    await expect.poll(note).toBe(true);
    seen.close();
    expect(seen.errors).toEqual([]);
  }
}

test('each user receives all of their own changes and no others, over reconnects, transports and instances', async () => {
  const instance = await startServer(server.databaseUrl);
  onTestFinished(() => instance.stop());
  const urls = [server.url, instance.url];
  const users = await Promise.all([1, 2, 3].map(() => server.newUser()));
  const created = new Map(users.map((user) => [user, new Set<string>()]));
  const apps = await Promise.all(
    users.flatMap((user) =>
      Object.values(liveClients).map(async (subscribe) => {
        const { cursor } = await (await EventStream.open(user)).page();
        return { app: new App(subscribe, user, cursor), own: created.get(user) ?? new Set() };
      }),
    ),
  );
  let isWriting = true;
  const write = async (user: Client, url: string) => {
    while (isWriting) created.get(user)?.add(await user.at(url).createTask());
  };
  const writers = users.flatMap((user) => urls.map((url) => write(user, url)));
  const reconnect = async ({ app }: { app: App }, offset: number) => {
    for (let n = 0; n < reconnects; n++) await app.connect(urls[(offset + n) % 2] ?? '', (pages) => pages > n % 3);
  };
  await Promise.all(apps.map(reconnect)).finally(() => {
    isWriting = false;
  });
  await Promise.all(writers);
  await Promise.all(apps.map(({ app, own }) => app.connect(server.url, () => own.isSubsetOf(app.ids))));
  for (const { app, own } of apps) expect([...app.ids].filter((id) => !own.has(id))).toEqual([]);
});
