import { AppError, ErrorCode, type FieldProblem } from '../errors.ts';

type Path = FieldProblem['path'];

/** Another user's record and one that never was are the same answer: ids cannot be probed. */
export function noSuch(kind: string, path: Path = ['input', 'id']): FieldProblem {
  return { path, code: 'NOT_FOUND', message: `There is no such ${kind}.` };
}

/** A record in the trash can be taken out of it, and nothing else. */
export function inTrash(kind: string, path: Path = ['input', 'id']): FieldProblem {
  return { path, code: 'IN_TRASH', message: `This ${kind} is in the trash. Restore it first.` };
}

/** NOT_FOUND for one or more ids. */
export function notFound(...fields: FieldProblem[]): AppError {
  return new AppError(ErrorCode.NOT_FOUND, fields[0]?.message ?? 'There is no such record.', { fields });
}

/**
 * @param expected the version that the client saw; null and undefined: it does not mind
 * @throws AppError STALE_VERSION
 */
export function requireVersion(kind: string, version: number, expected: number | null | undefined): void {
  if (typeof expected !== 'number' || expected === version) return;
  const message = `This ${kind} has changed meanwhile. Load it again before you change it.`;
  throw new AppError(ErrorCode.STALE_VERSION, message, { currentVersion: version });
}

/**
 * What was looked up by the id in `input`.
 * @throws AppError NOT_FOUND where there is none
 */
export function required<Row>(kind: string, row: Row | null | undefined): Row {
  if (row === null || row === undefined) throw notFound(noSuch(kind));
  return row;
}
