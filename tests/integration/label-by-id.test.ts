import { expect, test } from 'vitest';
import { madeUp } from '../support/calls-by-id.ts';
import type { Client } from '../support/client.ts';
import { mutation } from '../support/input-mutation.ts';
import { useServer } from '../support/server.ts';

const server = useServer();
const fields = 'id name color version createdAt updatedAt';
const find = (user: Client, id: string) => user.run(`query ($id: ID!) { label(id: $id) { ${fields} } }`, { id });

async function createLabel(user: Client) {
  const operation = `mutation { createLabel(input: { name: "errand", color: "#1e90ff" }) { label { ${fields} } } }`;
  return (await user.run(operation)).data.createLabel.label;
}

test('label finds one by its id, in either case of letters', async () => {
  const user = await server.newUser();
  const label = await createLabel(user);
  expect(label).toMatchObject({ name: 'errand', color: '#1e90ff', version: 1 });
  for (const id of [label.id, label.id.toUpperCase()]) expect((await find(user, id)).data).toEqual({ label });
});

test("label is null for another user's, for one that is gone, for other records and for no record", async () => {
  const [user, other] = [await server.newUser(), await server.newUser()];
  const [theirs, gone] = [await createLabel(other), await createLabel(user)];
  await user.run(...mutation('deleteLabel', { id: gone.id }));
  for (const id of [theirs.id, gone.id, await user.createTask(), madeUp]) {
    expect((await find(user, id)).data).toEqual({ label: null });
  }
});

test('label refuses what is no id, and needs a log-in', async () => {
  const user = await server.newUser();
  const refused = await find(user, 'errand');
  expect([refused.status, refused.code, refused.fields]).toEqual([200, 'BAD_USER_INPUT', ['id INVALID_ID']]);
  const anonymous = await find(server.client(), madeUp);
  expect([anonymous.status, anonymous.code]).toEqual([401, 'UNAUTHENTICATED']);
});
