import { useEffect, useState } from 'react';
import { type Problem, problemText } from '../graphql/problem.ts';

/** The error message of a form, except for problems that are shown at one of these fields. */
export function FormProblem({ problem, fields }: { problem: Problem | null; fields: readonly string[] }) {
  const isBesideField = problem !== null && Object.keys(problem.fields).some((name) => fields.includes(name));
  return (
    <div role="alert">
      {problem && !isBesideField && (
        <p className="form-problem">
          {problem.retryAfter === null ? (
            problemText(problem)
          ) : (
            <>
              {problem.sentence} <Countdown from={problem} seconds={problem.retryAfter} />
            </>
          )}
        </p>
      )}
    </div>
  );
}

/** @param from each new problem restarts the countdown */
function Countdown({ from, seconds }: { from: Problem; seconds: number }) {
  const [left, setLeft] = useState(seconds);
  useEffect(() => {
    setLeft(from.retryAfter ?? 0);
    const timer = setInterval(() => setLeft((before) => Math.max(0, before - 1)), 1_000);
    return () => clearInterval(timer);
  }, [from]);
  if (left === 0) return 'You can try again now.';
  const minutes = Math.ceil(left / 60);
  return left < 120 ? `Try again in ${left} s.` : `Try again in ${minutes} minutes.`;
}
