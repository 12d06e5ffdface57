/** A mail, ready to be sent. */
export interface Mail {
  /** The same whenever this mail is sent again: makes its Message-ID. */
  readonly id: string;
  /** One address. */
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

/** What a mail says: plain sentences, without markup. */
export interface MailContent {
  readonly subject: string;
  readonly paragraphs: readonly string[];
  /** A link, shown as a button and as an address. */
  readonly action?: { readonly label: string; readonly url: string };
  /** After the link, in smaller letters. */
  readonly notes?: readonly string[];
}

/** The mail server does not take this mail, now or later: the recipient does not exist, for example. */
export class MailRefused extends Error {
  override readonly name = 'MailRefused';
}

export interface MailTransport {
  /** @throws MailRefused, or another Error if the mail may be sent later. Messages have no address, and may be logged. */
  send(mail: Mail, signal: AbortSignal): Promise<void>;
}
