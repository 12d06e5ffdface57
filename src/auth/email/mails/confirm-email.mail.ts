import type { MailContent } from '../../../mail/mail.ts';

/** To the new address. */
export function confirmEmailMail(appName: string, url: string): MailContent {
  return {
    subject: `Confirm your new e-mail address for ${appName}`,
    paragraphs: [
      `Someone asked to use this e-mail address for their ${appName} account. If it was you, confirm the address:`,
    ],
    action: { label: 'Use this address', url },
    notes: [
      'The link works once, for 24 hours. Until then you sign in with the old address.',
      'If it was not you, ignore this mail: nothing changes.',
    ],
  };
}
