import { EmailToken } from './auth/email/email-token.entity.ts';
import { SecurityEvent } from './auth/events/security-event.entity.ts';
import { Session } from './auth/sessions/session.entity.ts';
import { Throttle } from './auth/throttling/throttle.entity.ts';
import { RefreshToken } from './auth/tokens/refresh-token.entity.ts';
import { Label } from './labels/label.entity.ts';
import { TaskList } from './lists/list.entity.ts';
import { ChangeEpoch } from './records/change-epoch.entity.ts';
import { RetiredId } from './records/retired-id.entity.ts';
import { UserChange } from './records/user-change.entity.ts';
import { Task } from './tasks/task.entity.ts';
import { TaskLabel } from './tasks/task-label.entity.ts';
import { User } from './users/user.entity.ts';

/** All entities; `node(id)` tries those that are GraphQL types in this order. Add new entities here. */
export const entities = [
  Task,
  TaskList,
  Label,
  User,
  Session,
  SecurityEvent,
  TaskLabel,
  RefreshToken,
  EmailToken,
  Throttle,
  RetiredId,
  UserChange,
  ChangeEpoch,
] as const;
