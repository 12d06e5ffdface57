import { describeProblem } from '../graphql/problem.ts';

/** In place of something that could not be loaded. */
export function ProblemNotice({ error, onRetry }: { error: unknown; onRetry: () => void }) {
  const { code, sentence } = describeProblem(error);
  if (code === 'UNAUTHENTICATED') return null;
  return (
    <div className="problem" role="alert">
      <p>{sentence}</p>
      <button type="button" className="button" onClick={onRetry}>
        Try again
      </button>
    </div>
  );
}
