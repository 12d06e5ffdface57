import { afterAll, describe, test } from 'vitest';
import { PostgresProxy } from '../support/postgres-proxy.ts';
import { useServer } from '../support/server.ts';

describe.concurrent.each([
  ['label', (page: string) => `{ labels${page} { nodes { name } } }`],
  ['session', (page: string) => `{ me { sessions${page} { nodes { id } } } }`],
  ['security_event', (page: string) => `{ me { securityEvents${page} { nodes { kind } } } }`],
])('a read of entities from %s', (table, operation) => {
  const proxy = new PostgresProxy();
  const server = useServer({}, (url) => proxy.to(url));
  afterAll(() => proxy.close());

  /** Calls once, when the statement is prepared: the request is past its authentication. */
  const atRead = (call: () => void) => {
    const once = () => {
      proxy.before = null;
      call();
    };
    proxy.before = { text: `from "${table}" as`, call: once };
  };

  test('is repeated where its connection is closed, and given up where nothing answers', async ({ expect }) => {
    const user = await server.newUser();
    await user.run('mutation { createLabel(input: { name: "there" }) { label { id } } }');
    atRead(() => proxy.cut());
    const { data } = await user.run(operation(''));
    expect(JSON.stringify(data)).toMatch(/"(name|id|kind)":"/);
    atRead(() => proxy.silence(true));
    const start = performance.now();
    const reply = await user.run(operation('(first: 1)'));
    proxy.silence(false);
    expect(proxy.before).toBeNull();
    expect(reply.code).toBe('SERVICE_UNAVAILABLE');
    expect(performance.now() - start).toBeLessThan(12_000);
  });
});
