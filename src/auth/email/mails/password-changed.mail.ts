import type { MailContent } from '../../../mail/mail.ts';

export function passwordChangedMail(appName: string, happened: string): MailContent {
  return {
    subject: `Your ${appName} password was changed`,
    paragraphs: [
      `The password of your ${appName} account was changed: ${happened}. All other devices were signed out.`,
    ],
    notes: [
      'If it was you, there is nothing to do.',
      'If it was not you, reset your password now: choose "Forgot password" where you sign in.',
    ],
  };
}
