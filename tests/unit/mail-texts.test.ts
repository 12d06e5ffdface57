import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { MailContent } from '../../src/mail/mail.ts';

const folder = join(import.meta.dirname, '../../src/auth/email/mails');
const files = readdirSync(folder).filter((file) => file.endsWith('.mail.ts'));

test.each(files)('%s reads well for every name of a product', async (file) => {
  // Each file exports one function, whose arguments follow the name of the product.
  const [mail] = Object.values<(...given: string[]) => MailContent>(await import(join(folder, file)));
  if (!mail) throw new Error(`${file} exports no mail.`);
  const { subject, paragraphs, action, notes } = mail('Acme', 'then', 'new@example.com');
  const text = [subject, ...paragraphs, action?.label, ...(notes ?? [])].join('\n');
  expect(text).toContain('Acme');
  expect(text).not.toMatch(/\ban? Acme/);
});
