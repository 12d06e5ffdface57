/** The error message of a field. Screen readers announce it as soon as it appears. */
export function FieldProblem({ id, problem }: { id: string; problem: string | null }) {
  if (!problem) return null;
  return (
    <p className="field-problem" id={id} role="alert">
      {problem}
    </p>
  );
}

/** The attributes that mark an input as invalid and refer to its FieldProblem. */
export const problemAttributes = (id: string, problem: string | null) =>
  problem ? { 'aria-invalid': true, 'aria-describedby': id } : {};
