import type { Client } from '../../graphql/server/context.ts';
import type { MailContent } from '../../mail/mail.ts';
import { emailChangeRequestedMail } from './mails/email-change-requested.mail.ts';
import { emailChangedMail } from './mails/email-changed.mail.ts';
import { newDeviceMail } from './mails/new-device.mail.ts';
import { passwordChangedMail } from './mails/password-changed.mail.ts';
import { passwordResetMail } from './mails/password-reset.mail.ts';
import { refreshReplayedMail } from './mails/refresh-replayed.mail.ts';
import { whatHappened } from './mails/what-happened.ts';

/** Something that the owner of an account is told. */
export interface Notice {
  readonly user: string;
  /** The address that the account had when it happened. */
  readonly to: string;
  readonly notice: keyof typeof notices;
  /** When it happened, in ISO 8601. */
  readonly at: string;
  readonly client: Client;
  readonly newEmail?: string;
}

const notices = {
  emailChangeRequested: emailChangeRequestedMail,
  emailChanged: emailChangedMail,
  passwordChanged: passwordChangedMail,
  passwordReset: passwordResetMail,
  refreshReplayed: refreshReplayedMail,
  newDevice: newDeviceMail,
};

export function contentOf(appName: string, { notice, at, client, newEmail = '' }: Notice): MailContent {
  return notices[notice](appName, whatHappened(at, client), newEmail);
}
