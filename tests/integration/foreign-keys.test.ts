import { describe, expect, test } from 'vitest';
import { useServer } from '../support/server.ts';
import { makeWorld } from '../support/world.ts';

const server = useServer();

describe('the database itself', () => {
  test("refuses to tie one user's records to another's", async () => {
    const [owner, stranger] = await Promise.all([makeWorld(server), makeWorld(server)]);
    const insert = (column: string) => `insert into task
      (user_id, id, position, title, description, priority, version, created_at, updated_at, ${column})
      values ($1, gen_random_uuid(), 'zz', 'x', '', 0, 1, now(), now(), $2)`;
    const link = 'insert into task_label (user_id, task_id, label_id, created_at) values ($1, $2, $3, now())';
    for (const [text, values, constraint] of [
      [insert('list_id'), [stranger.userId, owner.list.live], 'task_user_id_list_id_foreign'],
      [insert('parent_id'), [stranger.userId, owner.task.live], 'task_user_id_parent_id_foreign'],
      ['update task set list_id = $2 where id = $1', [stranger.mine, owner.list.live], 'task_user_id_list_id_foreign'],
      [
        'update task set parent_id = $2 where id = $1',
        [stranger.mine, owner.task.live],
        'task_user_id_parent_id_foreign',
      ],
      [link, [stranger.userId, stranger.mine, owner.label.live], 'task_label_user_id_label_id_foreign'],
      [link, [stranger.userId, owner.task.live, stranger.label.live], 'task_label_user_id_task_id_foreign'],
      [link, [owner.userId, stranger.mine, owner.label.live], 'task_label_user_id_task_id_foreign'],
    ] as const) {
      await expect(server.sql(text, [...values]), text).rejects.toMatchObject({ code: '23503', constraint });
    }
    // The same statements are fine among one's own.
    await server.sql(insert('list_id'), [stranger.userId, stranger.list.live]);
    await server.sql(link, [stranger.userId, stranger.mine, stranger.label.live]);
  });
});
