import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import type { Client, Reply } from '../support/client.ts';
import { send } from '../support/mail-mutations.ts';
import { useMailingServer } from '../support/mailing-server.ts';
import { collectStatements } from '../support/statements.ts';

// Without jobs: what they do takes another time for an address that has an account, but no request waits for it.
const { server } = useMailingServer({ jobs: false });

const bare = ({ status, text }: Reply) => `${status} ${text.replace(/"requestId":"[^"]+"/g, '')}`;

const mutations: [string, (client: Client, email: string) => Promise<Reply>][] = [
  ['requestPasswordReset', (client, email) => send(client, 'requestPasswordReset', { email })],
  [
    'requestEmailChange',
    (client, email) => send(client, 'requestEmailChange', { newEmail: email, password: client.password }),
  ],
];

test.each(mutations)(
  '%s has the same answer after the same statements for an address with an account as for one without',
  async (name, run) => {
    const client = await server.newUser();
    const known = await server.newUser();
    // The first of all requests makes connections and statements ready.
    await run(client, `${randomUUID()}@example.com`);
    const ask = async (email: string) => {
      const { result, statements } = await collectStatements(() => run(client, email));
      const withAddress = statements.filter(({ values }) => JSON.stringify(values).includes(email));
      return { result, texts: statements.map(({ text }) => text), withAddress };
    };
    for (let times = 0; times < 2; times++) {
      const [one, other] = [await ask(known.email), await ask(`${randomUUID()}@example.com`)];
      expect(one.result.data[name]).toEqual({ success: true });
      expect(bare(one.result)).toBe(bare(other.result));
      expect(one.texts).toEqual(other.texts);
      expect(one.texts.join('\n')).toMatch(/insert into throttle/);
      // No statement looks whether there is such an account: the address goes into a job only.
      expect(one.withAddress.length).toBeGreaterThan(0);
      for (const { text } of one.withAddress) expect(text).toMatch(/insert into "?public_jobs"?\.job/i);
    }
  },
);
