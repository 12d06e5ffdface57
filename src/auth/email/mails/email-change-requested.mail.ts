import type { MailContent } from '../../../mail/mail.ts';

/** To the present address. */
export function emailChangeRequestedMail(appName: string, happened: string, newEmail: string): MailContent {
  return {
    subject: `Your ${appName} account is to get a new e-mail address`,
    paragraphs: [
      `Someone who knows your password asked to change the e-mail address of your ${appName} account to ${newEmail}: ${happened}.`,
      'The address changes once the link in the mail to the new one is opened.',
    ],
    notes: [
      'If it was you, there is nothing else to do here.',
      'If it was not you, change your password now. That also ends the link.',
    ],
  };
}
