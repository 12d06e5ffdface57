import { expect, test } from 'vitest';
import { explainConnectionFailure } from '../../src/database/failures.ts';
import { StartError } from '../../src/errors.ts';

const url = 'postgresql://ada:hunter2@db.example.com/todos';

function failure(code: string, message: string): Error {
  return Object.assign(new Error(message), { code });
}

test.each([
  [failure('28P01', 'password authentication failed for user "ada"'), /refuses the user or password/],
  [failure('28000', 'no pg_hba.conf entry for host "::1", user "ada", no encryption'), /add \?sslmode=verify-full/],
  [failure('28000', 'connection is insecure (try using `sslmode=require`)'), /add \?sslmode=verify-full/],
  [failure('3D000', 'database "todos" does not exist'), /no database "todos"/],
  [failure('42501', 'must be owner of table task\n - hint: none'), /up to date: must be owner of table task\.$/],
  [failure('ECONNREFUSED', 'connect ECONNREFUSED'), /cannot be reached \(ECONNREFUSED\)/],
  [new Error('The server does not support SSL connections'), /No secure connection/],
  [
    new StartError('The certificate of the SSL department is framed.'),
    /^The certificate of the SSL department is framed\.$/,
  ],
])('%s is explained', (error, sentence) => {
  const explain = () => explainConnectionFailure(error, url);
  expect(explain).toThrow(sentence);
  expect(explain).toThrow(StartError);
  expect(explain).not.toThrow(/hunter2/);
});
