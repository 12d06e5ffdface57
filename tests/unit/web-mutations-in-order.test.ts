import { ApolloClient, ApolloLink, gql, InMemoryCache } from '@apollo/client';
import { Observable } from 'rxjs';
import { expect, test } from 'vitest';
import { sendMutationsInOrder } from '../../web/src/graphql/mutations-in-order.ts';

/** A client, and what arrives at its server, to be answered or to fail when the test says so. */
function connect() {
  const arrived: { name: string; answer: () => void; fail: () => void }[] = [];
  const server = new ApolloLink(
    (operation) =>
      new Observable((observer) => {
        arrived.push({
          name: operation.operationName ?? '',
          answer: () => {
            observer.next({ data: { done: true } });
            observer.complete();
          },
          fail: () => observer.error(new TypeError('no network')),
        });
      }),
  );
  const client = new ApolloClient({
    link: ApolloLink.from([sendMutationsInOrder(), server]),
    cache: new InMemoryCache(),
  });
  const names = () => arrived.map(({ name }) => name);
  return { client, arrived, names };
}

const change = (name: string) => gql(`mutation ${name} { done }`);

test('changes are sent one after the other, each when the last one is answered or has failed', async () => {
  const { client, arrived, names } = connect();
  const first = client.mutate({ mutation: change('First') });
  const second = client.mutate({ mutation: change('Second') }).catch((error: unknown) => error);
  const third = client.mutate({ mutation: change('Third') });
  await expect.poll(names).toEqual(['First']);
  arrived[0]?.answer();
  await first;
  await expect.poll(names).toEqual(['First', 'Second']);
  arrived[1]?.fail();
  expect(await second).toBeInstanceOf(TypeError);
  await expect.poll(names).toEqual(['First', 'Second', 'Third']);
  arrived[2]?.answer();
  expect((await third).data).toEqual({ done: true });
});

test('a change that is given up while it waits lets nothing past those before it', async () => {
  const { client, names } = connect();
  void client.mutate({ mutation: change('First') });
  await expect.poll(names).toEqual(['First']);
  const send = (name: string) => ApolloLink.execute(client.link, { query: change(name) }, { client }).subscribe({});
  send('Second').unsubscribe();
  send('Third');
  await new Promise((resolve) => setImmediate(resolve));
  expect(names()).toEqual(['First']);
});

test('queries wait for nothing', async () => {
  const { client, names } = connect();
  void client.mutate({ mutation: change('Change') });
  void client.query({ query: gql('query Ask { done }') });
  await expect.poll(() => names().sort()).toEqual(['Ask', 'Change']);
});
