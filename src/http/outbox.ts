import { BlockList, isIP, isIPv6 } from 'node:net';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { escapeHtml } from '../mail/layout.ts';
import type { Outbox } from '../mail/outbox.ts';
import { type ReadMessage, readMessage } from '../mail/read-message.ts';
import { rejectOtherMethods } from './errors.ts';

const policy = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

/** Shows the mails of local mode, whose links are as good as a password: to programs on this machine, and nobody else. */
export function addOutbox(server: FastifyInstance, outbox: Outbox): void {
  server.get('/outbox', async (request, reply) => {
    if (!isFromThisMachine(request)) return reply.callNotFound();
    const names = await outbox.newest();
    const mails = await Promise.all(names.map(async (name) => ({ name, eml: await outbox.read(name) })));
    const items = mails.flatMap(({ name, eml }) => (eml === null ? [] : [item(name, readMessage(eml))]));
    return send(reply, `${policy}; frame-src 'self'; frame-ancestors 'none'`, list(items));
  });
  server.get<{ Params: { name: string } }>('/outbox/:name', async (request, reply) => {
    const eml = isFromThisMachine(request) ? await outbox.read(request.params.name) : null;
    if (eml === null) return reply.callNotFound();
    // No scripts and no access to the pages of this origin. A link opens in a new tab.
    const sandbox = 'sandbox allow-popups allow-popups-to-escape-sandbox';
    return send(reply, `${policy}; frame-ancestors 'self'; ${sandbox}`, withTarget(readMessage(eml).html));
  });
  for (const path of ['/outbox', '/outbox/:name']) rejectOtherMethods(server, path, ['GET']);
}

const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8);
loopback.addAddress('::1', 'ipv6');

const ofProxies = /^(forwarded|via|x-forwarded-.*|x-real-ip)$/;

/**
 * The peer is a program on this machine and, by what proxies send, none of a proxy's clients; the Host rules out pages of other
 * sites whose name leads here (DNS rebinding); and a request with an Origin or from another site may come from a page of another
 * port, which CORS_ORIGINS may let in. A link of any site may lead here: its page cannot read the one that opens.
 */
function isFromThisMachine({ raw, headers }: FastifyRequest): boolean {
  const { remoteAddress = '' } = raw.socket;
  const isLoopback =
    isIP(remoteAddress) !== 0 && loopback.check(remoteAddress, isIPv6(remoteAddress) ? 'ipv6' : 'ipv4');
  // Browsers speak HTTP/1.1; proxies often 1.0.
  const isForwarded = raw.httpVersion === '1.0' || Object.keys(headers).some((name) => ofProxies.test(name));
  const isLink = headers['sec-fetch-mode'] === 'navigate' && headers['sec-fetch-dest'] === 'document';
  const isCrossSite = !isLink && !['none', 'same-origin'].includes(String(headers['sec-fetch-site'] ?? 'none'));
  const hasLoopbackHost = /^(localhost|127\.\d{1,3}\.\d{1,3}\.\d{1,3}|\[::1\])(:\d{1,5})?$/i.test(headers.host ?? '');
  return isLoopback && hasLoopbackHost && !isForwarded && !isCrossSite && headers.origin === undefined;
}

function send(reply: FastifyReply, contentSecurityPolicy: string, html: string): FastifyReply {
  return reply
    .headers({ 'content-security-policy': contentSecurityPolicy, 'x-frame-options': 'SAMEORIGIN' })
    .type('text/html; charset=utf-8')
    .send(html);
}

function withTarget(html: string): string {
  return html.replace('<head>', '<head>\n<base target="_blank">');
}

function list(items: readonly string[]): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Outbox</title>
<style>
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
body { max-width: 44rem; margin: 2rem auto; padding: 0 1rem; }
pre { white-space: pre-wrap; overflow-wrap: anywhere; }
iframe { width: 100%; height: 28rem; border: 1px solid; }
</style>
</head>
<body>
<main>
<h1>Outbox</h1>
<p>In local mode mails are not sent. These are the newest; all are files in the folder outbox.</p>
${items.join('\n') || '<p>No mail yet.</p>'}
</main>
</body>
</html>
`;
}

function item(name: string, { to, subject, date, text }: ReadMessage): string {
  const linked = escapeHtml(text).replaceAll(/^(https?:\/\/\S+)$/gm, '<a href="$1">$1</a>');
  return `<article>
<h2>${escapeHtml(subject)}</h2>
<p>To ${escapeHtml(to)}, ${escapeHtml(date)}</p>
<pre>${linked}</pre>
<details><summary>As HTML</summary><iframe loading="lazy" title="${escapeHtml(subject)}" src="/outbox/${name}"></iframe></details>
</article>`;
}
