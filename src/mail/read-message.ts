/** What /outbox shows of a mail. */
export interface ReadMessage {
  readonly to: string;
  readonly subject: string;
  readonly date: string;
  readonly text: string;
  readonly html: string;
}

/** Reads a mail that `messageOf` described and nodemailer wrote; no other mail is meant to be read. */
export function readMessage(eml: string): ReadMessage {
  const { headers, body } = split(eml);
  const [, boundary = ''] = /boundary="([^"]+)"/.exec(headers['content-type'] ?? '') ?? [];
  const parts = body.split(`--${boundary}`).map(split);
  const partOf = (type: string): string => {
    const part = parts.find(({ headers: { 'content-type': is = '' } }) => is.startsWith(type));
    return part ? decode(part.body, part.headers['content-transfer-encoding']) : '';
  };
  const { to = '', subject = '', date = '' } = headers;
  return {
    to: decodeWords(to),
    subject: decodeWords(subject),
    date,
    text: partOf('text/plain'),
    html: partOf('text/html'),
  };
}

function split(text: string): { headers: Record<string, string>; body: string } {
  const [head = '', ...rest] = text.trimStart().split('\r\n\r\n');
  // A line that begins with a space continues the one before (RFC 5322 2.2.3).
  const lines = head.replaceAll(/\r\n[ \t]+/g, ' ').split('\r\n');
  const fields = lines.map((line) => /^([\w-]+): ?(.*)$/.exec(line) ?? []);
  return {
    headers: Object.fromEntries(fields.map(([, name = '', value = '']) => [name.toLowerCase(), value])),
    body: rest.join('\r\n\r\n'),
  };
}

function decode(body: string, encoding: string | undefined): string {
  if (encoding === 'base64') return Buffer.from(body, 'base64').toString();
  if (encoding !== 'quoted-printable') return body;
  return decodeHexadecimal(body.replaceAll(/=\r\n/g, ''));
}

/** RFC 2047. */
function decodeWords(text: string): string {
  const joined = text.replaceAll(/\?=\s+=\?/g, '?==?');
  return joined.replaceAll(/=\?utf-8\?([qb])\?([^?]*)\?=/gi, (_all, encoding, word) =>
    /b/i.test(encoding) ? Buffer.from(word, 'base64').toString() : decodeHexadecimal(word.replaceAll('_', ' ')),
  );
}

function decodeHexadecimal(text: string): string {
  const bytes = text.replaceAll(/=([\dA-F]{2})/gi, (_all, hex) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Buffer.from(bytes, 'latin1').toString();
}
