/** The signed-in user that a request acts for, loaded afresh for each request. */
export interface Viewer {
  readonly id: string;
  readonly email: string;
  readonly timeZone: string;
  /** Whether dues with a zone may still be sorted as in an earlier zone of the viewer's: see change-time-zone.ts. */
  readonly hasOldDueKeys: boolean;
  readonly createdAt: string;
  /** The session that the request's token names. */
  readonly sessionId: string;
}
