import type { SendMailOptions } from 'nodemailer';
import type { Sender } from '../settings/mail-values.ts';
import type { Mail } from './mail.ts';

/** A mail as nodemailer takes it. Addresses are passed as objects, so that nothing in them is parsed. */
export function messageOf(sender: Sender, appName: string, { id, to, subject, text, html }: Mail): SendMailOptions {
  const domain = sender.address.slice(sender.address.lastIndexOf('@') + 1);
  return {
    messageId: `<${id}@${domain}>`,
    from: { name: sender.name ?? appName, address: sender.address },
    to: { name: '', address: to },
    subject: subject.replaceAll(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' '),
    text,
    html,
    // RFC 3834 5: keeps out-of-office replies away.
    headers: { 'Auto-Submitted': 'auto-generated' },
    textEncoding: 'quoted-printable',
    disableFileAccess: true,
    disableUrlAccess: true,
  };
}
