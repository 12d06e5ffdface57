import type { MailContent } from '../../../mail/mail.ts';

export function refreshReplayedMail(appName: string, happened: string): MailContent {
  return {
    subject: `A device was signed out of your ${appName} account`,
    paragraphs: [
      `A sign-in to your ${appName} account was used in two places, which can mean that it was copied: ${happened}. It was ended, so that neither can go on.`,
    ],
    notes: [
      'Sign in again on your device. If this happens more than once, or you do not know that address, change your password: that signs out all devices.',
    ],
  };
}
