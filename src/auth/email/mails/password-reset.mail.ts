import type { MailContent } from '../../../mail/mail.ts';

export function passwordResetMail(appName: string, happened: string): MailContent {
  return {
    subject: `Your ${appName} password was reset`,
    paragraphs: [
      `The password of your ${appName} account was reset by a link in a mail: ${happened}. All devices were signed out.`,
    ],
    notes: [
      'If it was you, there is nothing to do.',
      'If it was not you, someone can read your mail: change the password of your mailbox first, then reset this one.',
    ],
  };
}
