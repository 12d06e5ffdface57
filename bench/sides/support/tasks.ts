/** As many connections as todoql has unless told otherwise. */
export const poolSize = 10;

/** Names of priorities by their number in the database. */
export const priorities = ['NONE', 'LOW', 'MEDIUM', 'HIGH', 'URGENT'] as const;

/** A cursor that names the last row of a page; opaque to clients. */
export const encodeCursor = (createdAt: string, id: string): string =>
  Buffer.from(JSON.stringify([createdAt, id])).toString('base64url');

/** RFC 3339 from what PostgreSQL prints in UTC: `2026-11-21 07:27:41.05+00`, trailing zeros left out. */
export function isoInstant(text: string): string {
  const fraction = text.length > 22 ? text.slice(20, -3).padEnd(3, '0') : '000';
  return `${text.slice(0, 10)}T${text.slice(11, 19)}.${fraction}Z`;
}
