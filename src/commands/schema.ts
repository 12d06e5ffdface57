import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { printApiSchema } from '../schema.ts';

const file = 'schema.graphql';
const header = '# Generated from the classes in src/ by `npm run schema`. Do not edit.\n\n';

/** Writes the schema to the working directory. @returns the exit code */
export function writeSchema(): number {
  writeFileSync(file, header + printApiSchema());
  console.log(`Wrote ${file}.`);
  return 0;
}

/** @returns 1 if the file differs from the schema of the classes */
export function checkSchema(): number {
  if (existsSync(file) && readFileSync(file, 'utf8') === header + printApiSchema()) return 0;
  console.error(`${file} is not up to date. Run: npm run schema`);
  return 1;
}
