/** Where the app keeps its access token; null shows the log-in form. */
export interface Session {
  accessToken: string | null;
}

/** An open operation such as signup takes no header at all: a token that has ended would be refused there too. */
export function authorization({ accessToken }: Session): Record<string, string> {
  return accessToken === null ? {} : { authorization: `Bearer ${accessToken}` };
}
