import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Config } from '../../config.ts';
import { commandLine, packageFolder } from '../../settings/command-line.ts';

const thisMachine = /^(0\.0\.0\.0|127\.0\.0\.1|::1?)$/;

/** Instructions for the first request with a seeded account, in a shell and, if the IDE is on, in a browser. */
export function howToLogIn(config: Config, isServed: boolean, email: string, password: string): string {
  const host = thisMachine.test(config.host) ? 'localhost' : config.host;
  const endpoint = `http://${host}:${config.port}/graphql`;
  const mutation = `mutation { login(input: { email: "${email}", password: "${password}" }) { accessToken } }`;
  const inShell = [
    isServed || config.databaseUrl !== null ? 'Log in:' : `Start the server (${commandLine()}), then log in:`,
    `  curl ${endpoint} -H 'content-type: application/json' -d '${JSON.stringify({ query: mutation })}'`,
    'and send the accessToken from the response with each request: -H "authorization: Bearer $accessToken"',
  ];
  const inBrowser = [
    '',
    `Or open ${endpoint} in a browser and run this; the IDE then sends the token with each request:`,
    `  ${mutation}`,
  ];
  // A project made without the page has no IDE either.
  const hasIde = config.ide && existsSync(join(packageFolder, 'dist/ide'));
  return [...inShell, ...(hasIde ? inBrowser : [])].join('\n');
}
