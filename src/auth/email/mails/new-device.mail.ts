import type { MailContent } from '../../../mail/mail.ts';

export function newDeviceMail(appName: string, happened: string): MailContent {
  return {
    subject: `New sign-in to your ${appName} account`,
    paragraphs: [`Someone signed in to your ${appName} account from a new device and a new network: ${happened}.`],
    notes: [
      'If it was you, there is nothing to do.',
      'If it was not you, change your password now: that signs out all other devices.',
    ],
  };
}
