import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { migrations } from '../../src/database/migrations.ts';

test('every migration is listed, in the order of its time', () => {
  const files = readdirSync(join(import.meta.dirname, '../../src/database/migrations')).filter((file) =>
    file.endsWith('.ts'),
  );
  expect(migrations.map(({ name }) => `${name}.ts`)).toEqual(files.sort());
});
