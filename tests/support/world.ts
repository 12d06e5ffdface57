import { v7 as uuidv7 } from 'uuid';
import { expect, vi } from 'vitest';
import type { Client } from './client.ts';
import { mutation } from './input-mutation.ts';
import type { TestServer } from './server.ts';

/** The records of a user: one of each kind, in each possible state. */
export interface World {
  readonly user: Client;
  readonly userId: string;
  /** `live` first. `gone` is the id of a removed record. */
  readonly task: Record<'live' | 'below' | 'completed' | 'trashed' | 'gone', string>;
  readonly list: Record<'live' | 'archived' | 'trashed', string>;
  readonly label: Record<'live' | 'gone', string>;
  /** `gone` was revoked; neither is the client's own session. */
  readonly session: Record<'live' | 'gone', string>;
  readonly event: Record<'live', string>;
  /** A task and a list to move, at the top level like the live ones. */
  readonly mine: string;
  readonly myList: string;
}

export async function makeWorld(server: TestServer): Promise<World> {
  const user = await server.newUser();
  const run = async (name: string, input: Record<string, unknown>): Promise<string> => {
    const { data } = await user.run(...mutation(name, input));
    const payload = data[name];
    return (payload.task ?? payload.list ?? payload.label)?.id;
  };
  const label = { live: await run('createLabel', { name: 'a' }), gone: await run('createLabel', { name: 'b' }) };
  const createTask = (more = {}) => run('createTask', { title: 'private', labelIds: [label.live], ...more });
  const createList = () => run('createList', { name: 'private' });
  const list = { live: await createList(), archived: await createList(), trashed: await createList() };
  await createTask({ listId: list.live });
  await createTask({ listId: list.trashed });
  const live = await createTask();
  const task = {
    live,
    below: await createTask({ parentId: live }),
    completed: await createTask(),
    trashed: await createTask(),
    gone: await createTask(),
  };
  const [mine, myList] = [await createTask({ labelIds: [] }), await createList()];
  for (const id of [task.trashed, task.gone]) await run('deleteTask', { id });
  await run('purgeTask', { id: task.gone });
  await run('completeTask', { id: task.completed });
  await run('updateList', { id: list.archived, archived: true });
  await run('deleteList', { id: list.trashed });
  await run('deleteLabel', { id: label.gone });
  const login = `login(input: { email: "${user.email}", password: "${user.password}" }) { expiresIn }`;
  await server.client().run(`mutation { a: ${login} b: ${login} }`);
  const me = (await user.run('{ me { id sessions { nodes { id } } securityEvents { nodes { id } } } }')).data.me;
  const session = { live: me.sessions.nodes[0].id, gone: me.sessions.nodes[1].id };
  await run('revokeSession', { id: session.gone });
  const event = { live: me.securityEvents.nodes[0].id };
  // Without a mail server, no token is mailed.
  await server.sql(
    "insert into email_token values ($1, $2, 'RESET_PASSWORD', $3, 'private@example.com', now() + interval '1 hour')",
    [me.id, uuidv7(), me.id],
  );
  // From here on, nothing changes by itself: no use of a session is noted, as it is a minute after the last one, and a job
  // has removed the row of the label that is gone.
  await server.sql("update session set last_used_at = now() + interval '1 day' where user_id = $1", [me.id]);
  const left = async () => expect(await server.sql('select from label where id = $1', [label.gone])).toEqual([]);
  await vi.waitFor(left, { timeout: 60_000 });
  return { user, userId: me.id, task, list, label, session, event, mine, myList };
}
