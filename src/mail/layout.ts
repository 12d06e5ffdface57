import type { MailContent } from './mail.ts';

/** Both forms of a mail: every mail has the same layout. */
export function layOut(appName: string, { subject, paragraphs, action, notes = [] }: MailContent) {
  const link = action ? [`${action.label}:\n${action.url}`] : [];
  const text = `${[...paragraphs, ...link, ...notes, `-- \n${appName}`].join('\n\n')}\n`;
  const button = action ? [buttonTo(action), small(`Or open this address: ${action.url}`)] : [];
  const body = [...paragraphs.map(paragraph), ...button, ...notes.map(small)].join('\n');
  return { text, html: page(appName, subject, body) };
}

// Colours only where light and dark need different ones: elsewhere mail programs choose readable ones themselves. The style
// sheet is for those that support it; the layout does not depend on it.
const style = `
:root { color-scheme: light dark; supported-color-schemes: light dark; }
body { margin: 0; padding: 24px; }
main { display: block; max-width: 560px; margin: 0 auto; font: 16px/1.5 system-ui, sans-serif; }
small { font-size: 14px; overflow-wrap: anywhere; }`;

function page(appName: string, subject: string, body: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark">
<meta name="supported-color-schemes" content="light dark">
<title>${escapeHtml(subject)}</title>
<style>${style}
</style>
</head>
<body>
<main>
${body}
${small(appName)}
</main>
</body>
</html>
`;
}

function paragraph(text: string): string {
  return `<p>${escapeHtml(text)}</p>`;
}

function small(text: string): string {
  return `<p><small>${escapeHtml(text)}</small></p>`;
}

/** White on a blue that is readable on white and on black (4.5:1 and more inside, WCAG 2.2 1.4.3). */
function buttonTo({ label, url }: { readonly label: string; readonly url: string }): string {
  const look =
    'display:inline-block;padding:10px 18px;border-radius:6px;background:#1d5fbf;color:#ffffff;text-decoration:none';
  return `<p><a href="${escapeHtml(url)}" style="${look}">${escapeHtml(label)}</a></p>`;
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

export function escapeHtml(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => entities[character] ?? '');
}
