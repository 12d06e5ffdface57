import { Session } from '../auth/session.entity.ts';
import { PurgedTask } from '../tasks/purged-task.entity.ts';
import { Task } from '../tasks/task.entity.ts';
import { User } from '../users/user.entity.ts';

/** Every table. A new entity is one line here. */
export const entities = [User, Session, Task, PurgedTask] as const;
