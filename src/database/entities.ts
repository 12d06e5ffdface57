import { Session } from '../auth/session.entity.ts';
import { Label } from '../labels/label.entity.ts';
import { TaskList } from '../lists/list.entity.ts';
import { Task } from '../tasks/task.entity.ts';
import { TaskLabel } from '../tasks/task-label.entity.ts';
import { RetiredId } from '../users/retired-id.entity.ts';
import { User } from '../users/user.entity.ts';

/** Every table. A new entity is one line here. */
export const entities = [User, RetiredId, Session, TaskList, Label, Task, TaskLabel] as const;
