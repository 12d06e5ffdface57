import { expect } from 'vitest';
import { productName } from '../../src/product-name.ts';
import { test } from '../support/program.ts';

test('starts in an empty folder and prints the address of the page', async ({ start }) => {
  const program = start();
  await program.url();
  const [, page = ''] = /^Open (\S+) in a browser/m.exec(program.stdout) ?? [];
  expect(await (await fetch(page)).text()).toContain(`<title>${productName}</title>`);
});
