import { createHash } from 'node:crypto';

/** How often something may be attempted within a window. Budgets with the same key are counted together. */
export interface Budget {
  readonly key: string;
  readonly attempts: number;
  /** Seconds that a window lasts, from its first attempt. */
  readonly window: number;
}

const logInWindow = 15 * 60;

/** The budgets that an attempt at a password counts against. */
export interface LogInBudgets {
  /** Of this account from this network: a successful log-in resets it. */
  readonly own: Budget;
  /** Shared by everybody: a successful log-in only refunds its own attempt. */
  readonly shared: readonly Budget[];
}

/**
 * Budgets of failed log-ins in 15 minutes.
 * @param isKnown whether the network has recently logged in: attempts from elsewhere then do not count against it
 */
export function logInBudgets(email: string, network: string, isKnown: boolean): LogInBudgets {
  const account = accountKey(email);
  const fromNetwork = { key: `log-in from ${network}`, attempts: 100, window: logInWindow };
  const ofAccount = { key: account, attempts: 50, window: logInWindow };
  return {
    own: { key: `${account} from ${network}`, attempts: 10, window: logInWindow },
    shared: isKnown ? [fromNetwork] : [fromNetwork, ofAccount],
  };
}

export function signUpBudget(network: string, perHour: number): Budget {
  return { key: `sign-up from ${network}`, attempts: perHour, window: 3_600 };
}

const mailWindow = 3_600;

/**
 * Links for a new password that are asked for, whether or not an account has the address. That is at most 5 in any hour: 1 late
 * in a window, and 2 in each of the next two. The window is as long as a link works: whenever strangers have used it up, the
 * last link was mailed within it, so that the owner has one that works. A budget of 5 in an hour would be used up in a minute,
 * and leave the owner half an hour without one.
 */
export function resetBudget(email: string): Budget {
  return { key: `reset for ${hashOf(email)}`, attempts: 2, window: 30 * 60 };
}

/** Accounts that ask to get an address. Counted apart from resets: no account may use up those of another one's owner. */
export function emailChangeBudget(newEmail: string): Budget {
  return { key: `change to ${hashOf(newEmail)}`, attempts: 5, window: mailWindow };
}

/** Notices to an address: an account with a stranger's address must not flood it. */
export function noticeBudget(email: string): Budget {
  return { key: `notices to ${hashOf(email)}`, attempts: 10, window: mailWindow };
}

/** Mails that only an address with an account gets. Counted apart: a stranger must not see by the others that there were some. */
export function verificationBudget(email: string): Budget {
  return { key: `verification of ${hashOf(email)}`, attempts: 5, window: mailWindow };
}

/** Mails that a client asks for, to any address. @param userId who asks, logged in */
export function mailSenderBudgets(network: string, userId?: string): Budget[] {
  // Enough for an office where everybody forgot the password.
  const ofNetwork = { key: `mail from ${network}`, attempts: 60, window: mailWindow };
  if (userId === undefined) return [ofNetwork];
  return [ofNetwork, { key: `mail for ${userId}`, attempts: 5, window: mailWindow }];
}

export function accountKey(email: string): string {
  return `log-in to ${hashOf(email)}`;
}

/** Folds case as the database does. Hashed, so that the table reveals no addresses. */
function hashOf(email: string): string {
  const folded = email.replaceAll(/[A-Z]/g, (letter) => letter.toLowerCase());
  return createHash('sha256').update(folded).digest('base64url');
}
