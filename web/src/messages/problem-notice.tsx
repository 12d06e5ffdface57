import { describeProblem, problemText } from '../graphql/problem.ts';

/** Replaces something that could not be loaded. */
export function ProblemNotice({ error, onRetry }: { error: unknown; onRetry: () => void }) {
  const problem = describeProblem(error);
  if (problem.code === 'UNAUTHENTICATED') return null;
  return (
    <div className="problem" role="alert">
      <p>{problemText(problem)}</p>
      <button type="button" className="button" onClick={onRetry}>
        Try again
      </button>
    </div>
  );
}
