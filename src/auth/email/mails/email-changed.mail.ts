import type { MailContent } from '../../../mail/mail.ts';

/** To the address that the account had. */
export function emailChangedMail(appName: string, happened: string, newEmail: string): MailContent {
  return {
    subject: `Your ${appName} account has a new e-mail address`,
    paragraphs: [
      `The e-mail address of your ${appName} account is now ${newEmail}: ${happened}.`,
      'You sign in with the new address from now on. This one gets no more mail about the account.',
    ],
    notes: [
      'If it was not you, sign in with the new address and your password, change the password, and then the address. If you cannot sign in, write to the operator of this service at once.',
    ],
  };
}
