import type { MailContent } from '../../../mail/mail.ts';

export function resetPasswordMail(appName: string, url: string): MailContent {
  return {
    subject: `Reset your ${appName} password`,
    paragraphs: [
      `Someone asked to reset the password of your ${appName} account. If it was you, choose a new password:`,
    ],
    action: { label: 'Choose a new password', url },
    notes: [
      'The link works once, for 30 minutes. A new password signs you out on all devices.',
      'If it was not you, ignore this mail: your password stays as it is.',
    ],
  };
}
