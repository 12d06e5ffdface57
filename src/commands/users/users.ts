import type { Config } from '../../config.ts';
import { readArguments, UsageError } from '../arguments.ts';
import { createUser } from './create-user.ts';
import { disableUser, enableUser, endSessionsOf } from './disable-user.ts';
import { endAllSessions } from './end-all-sessions.ts';
import { findUsers } from './find-users.ts';
import { setPassword } from './set-password.ts';

const names = 'find, create, disable, enable, end-sessions or set-password';
const confirmed = { yes: { type: 'boolean', default: false } } as const;
const forAll = { ...confirmed, all: { type: 'boolean' } } as const;

/** Runs a subcommand about accounts. @returns the exit code */
export async function users(config: () => Config, [name, ...args]: string[]): Promise<number> {
  const confirmable = () => {
    const { operands, values } = readArguments(args, confirmed, ['USER']);
    return [config(), operands[0] ?? '', values.yes] as const;
  };
  switch (name) {
    case 'find': {
      const [text = ''] = readArguments(args, {}, args.slice(0, 1)).operands;
      return findUsers(config(), text);
    }
    case 'create': {
      const [email = ''] = readArguments(args, {}, ['EMAIL']).operands;
      return createUser(config(), email);
    }
    case 'disable':
      return disableUser(...confirmable());
    case 'enable': {
      const [user = ''] = readArguments(args, {}, ['USER']).operands;
      return enableUser(config(), user);
    }
    case 'end-sessions':
      if (args.includes('--all')) return endAllSessions(config(), readArguments(args, forAll).values.yes);
      return endSessionsOf(...confirmable());
    case 'set-password':
      return setPassword(...confirmable());
    case undefined:
      throw new UsageError(`needs a subcommand: ${names}`);
    default:
      throw new UsageError(`has no subcommand "${name}", only ${names}`);
  }
}
