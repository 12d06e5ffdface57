import type { MailContent } from '../../../mail/mail.ts';

export function verifyEmailMail(appName: string, url: string): MailContent {
  return {
    subject: `Confirm your e-mail address for ${appName}`,
    paragraphs: [`This e-mail address has an account with ${appName}. If it is yours, confirm the address:`],
    action: { label: 'Confirm the address', url },
    notes: [
      'The link works once, for 24 hours.',
      'If you have no account, someone has mistyped an address: ignore this mail.',
    ],
  };
}
