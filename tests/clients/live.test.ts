import { createClient } from 'graphql-ws';
import { expect, onTestFinished, test } from 'vitest';
import { WebSocket } from 'ws';
import { connect as connectApollo } from '../../docs/clients/apollo-client.ts';
import { byApollo, bySocket, byUrql, follow } from '../../docs/clients/live.ts';
import type { Session } from '../../docs/clients/session.ts';
import { connect as connectUrql } from '../../docs/clients/urql.ts';
import { startServer, useServer } from '../support/server.ts';

const server = useServer();

const subscriptions = {
  'Apollo Client': (url: string, session: Session) => byApollo(connectApollo(url, session)),
  urql: (url: string, session: Session) => byUrql(connectUrql(url, session)),
  'graphql-ws': (url: string, { accessToken }: Session) => {
    const connectionParams = { accessToken };
    return bySocket(createClient({ url: url.replace('http', 'ws'), webSocketImpl: WebSocket, connectionParams }));
  },
};

test.each(Object.entries(subscriptions))('%s follows changes, also over a restart of the server', async (_name, by) => {
  const first = await startServer(server.databaseUrl);
  const { port } = new URL(first.url);
  const user = await server.newUser();
  const { cursor } = (await user.run('{ changes { cursor } }')).data.changes;
  const titles = new Set<unknown>();
  let pages = 0;
  const stop = follow(by(`${first.url}/graphql`, { accessToken: user.token }), cursor, ({ changes }) => {
    pages += 1;
    for (const { record } of changes) titles.add(record && 'title' in record && record.title);
  });
  onTestFinished(stop);
  await expect.poll(() => pages).toBe(1);
  await user.createTask('Before');
  await expect.poll(() => [...titles]).toEqual(['Before']);
  await first.stop();
  await user.createTask('Meanwhile');
  const second = await startServer(server.databaseUrl, { port: Number(port) });
  onTestFinished(() => second.stop());
  await expect.poll(() => [...titles]).toEqual(['Before', 'Meanwhile']);
  await user.createTask('After');
  await expect.poll(() => [...titles]).toEqual(['Before', 'Meanwhile', 'After']);
  stop();
  await user.createTask('Never');
});
