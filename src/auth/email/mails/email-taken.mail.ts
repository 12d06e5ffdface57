import type { MailContent } from '../../../mail/mail.ts';

/** To the owner of an address that somebody wants for another account. */
export function emailTakenMail(appName: string): MailContent {
  return {
    subject: `You already have an account with ${appName}`,
    paragraphs: [
      `Someone asked to use this e-mail address for another ${appName} account. It was not changed, because yours has this address.`,
    ],
    notes: [
      'If it was you, sign in with this address instead. If you forgot its password, you can reset it there.',
      'If it was not you, ignore this mail: nothing changes.',
    ],
  };
}
