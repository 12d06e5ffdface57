/** What is wrong with a field. Screen readers read it as soon as it appears. */
export function FieldProblem({ id, problem }: { id: string; problem: string | null }) {
  if (!problem) return null;
  return (
    <p className="field-problem" id={id} role="alert">
      {problem}
    </p>
  );
}

/** What an input needs to be marked, and described by its FieldProblem. */
export const problemAttributes = (id: string, problem: string | null) =>
  problem ? { 'aria-invalid': true, 'aria-describedby': id } : {};
