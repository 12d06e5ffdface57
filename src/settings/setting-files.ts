import { readFileSync } from 'node:fs';

/** Settings whose value may be in a file, as orchestrators mount secrets: DATABASE_URL_FILE is the path of that file. */
const secrets = ['DATABASE_URL', 'DATABASE_DIRECT_URL', 'JWT_SECRET', 'JWT_SECRET_PREVIOUS', 'SMTP_URL'];

export const fileSettingNames = secrets.map((name) => `${name}_FILE`);

/**
 * The values that are in files.
 * @throws Error for the operator if a file cannot be read or is empty, or the setting has a value of its own
 */
export function readSettingFiles(env: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const named = secrets.filter((name) => env[`${name}_FILE`]?.trim());
  return Object.fromEntries(
    named.map((name) => {
      if (env[name]?.trim()) throw new Error(`${name} and ${name}_FILE are both set. Unset one of them.`);
      return [name, readText(`${name}_FILE`, env[`${name}_FILE`]?.trim() ?? '')];
    }),
  );
}

function readText(name: string, file: string): string {
  let text: string;
  try {
    text = readFileSync(file, 'utf8').trim();
  } catch (error) {
    throw new Error(`${name} names a file that cannot be read (${(error as NodeJS.ErrnoException).code}): ${file}`);
  }
  // Without an address, the server would run on a database of its own.
  if (text === '') throw new Error(`${name} names an empty file: ${file}`);
  return text;
}
