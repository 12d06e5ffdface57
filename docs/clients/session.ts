/** Holds the app's access token; null: signed out. */
export interface Session {
  accessToken: string | null;
}

/** Omits the header without a token: even operations that need no log-in reject an invalid one. */
export function authorization({ accessToken }: Session): Record<string, string> {
  return accessToken === null ? {} : { authorization: `Bearer ${accessToken}` };
}
