/** The sender of all mail. */
export interface Sender {
  /** null: the name of the product. */
  readonly name: string | null;
  readonly address: string;
}

const address = /^[^\s"(),:;<>@[\\\]\p{Cc}]+@[^\s"(),:;<>@[\\\]\p{Cc}]+$/u;

/** "ada@example.com" or "Name <ada@example.com>". @throws Error whose message continues after the setting's name */
export function parseSender(value: string): Sender {
  const [, quoted, plain, between] = /^(?:"([^"]*)"\s*|([^<>"]*))<([^<>]*)>$/.exec(value) ?? [];
  const sender = { name: (quoted ?? plain ?? '').trim() || null, address: between ?? value };
  if (!address.test(sender.address) || /\p{Cc}/u.test(value)) {
    throw new Error('must be an address such as todo@example.com or Todo <todo@example.com>');
  }
  return sender;
}

/** An address that paths are added to. @returns it without a slash at its end @throws as parseSender */
export function parseBaseUrl(value: string): string {
  const url = URL.parse(value);
  // By the text: of an empty query, the URL keeps the question mark, but has no `search`.
  const isPlain = url !== null && !/[?#]/.test(value) && url.username === '' && url.password === '';
  // Of apps, too: https://app.example.com/account and myapp://account.
  if (
    !isPlain ||
    /^(about|blob|chrome.*|data|file|ftp|intent|javascript|mailto|vbscript|view-source|ws|wss):$/.test(url.protocol) ||
    !/^[a-z][\w+.-]*:\/\/./i.test(value)
  ) {
    throw new Error('must be a URL such as https://todo.example.com, without ?, # and user');
  }
  return url.href.replace(/\/+$/, '');
}

/** @throws as parseSender */
export function parseAppName(value: string): string {
  if ([...value].length > 60 || /[\p{Cc}\p{Zl}\p{Zp}<>]/u.test(value)) {
    throw new Error('must be a name of at most 60 characters, without < and >');
  }
  return value;
}
