import type { Config } from '../../config.ts';

const thisMachine = /^(0\.0\.0\.0|127\.0\.0\.1|::1?)$/;

/** Lines that lead from a seeded account to its first answers, in a shell and, where there is the IDE, in a browser. */
export function howToLogIn(config: Config, isServed: boolean, email: string, password: string): string {
  const host = thisMachine.test(config.host) ? 'localhost' : config.host;
  const endpoint = `http://${host}:${config.port}/graphql`;
  const mutation = `mutation { login(input: { email: "${email}", password: "${password}" }) { accessToken } }`;
  const inShell = [
    isServed || config.databaseUrl !== null ? 'Log in:' : 'Start the server (npm start), then log in:',
    `  curl ${endpoint} -H 'content-type: application/json' -d '${JSON.stringify({ query: mutation })}'`,
    'and send the accessToken of the answer with each request: -H "authorization: Bearer $accessToken"',
  ];
  const inBrowser = [
    '',
    `Or open ${endpoint} in a browser and run this there; the IDE sends the token from then on:`,
    `  ${mutation}`,
  ];
  return [...inShell, ...(config.ide ? inBrowser : [])].join('\n');
}
