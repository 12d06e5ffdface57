/** The logged-in user of a request, loaded for each request. */
export interface Viewer {
  readonly id: string;
  readonly email: string;
  readonly emailVerified: boolean;
  readonly timeZone: string;
  /** Whether some due keys are still in an earlier zone of the viewer: see change-time-zone.ts. */
  readonly hasOldDueKeys: boolean;
  /** Whether an operator has disabled the account: see authenticate.ts. */
  readonly isDisabled: boolean;
  readonly createdAt: string;
  /** The session of the request's token; null if the request was authenticated otherwise. */
  readonly sessionId: string | null;
  /** When the token expires, in seconds since 1970; undefined: never. */
  readonly authenticatedUntil?: number;
}

/** A viewer with a session. */
export interface SessionViewer extends Viewer {
  readonly sessionId: string;
}
