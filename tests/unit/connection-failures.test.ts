import { expect, test } from 'vitest';
import { ReplyMismatch, ServerInRecovery } from '../../src/database/connections/checked-query.ts';
import { isConnectionUnusable } from '../../src/database/connections/connection-failures.ts';
import { explainConnectionFailure } from '../../src/database/failures.ts';
import { StartError } from '../../src/errors.ts';

const url = 'postgresql://ada:hunter2@db.example.com/todos';

function failure(code: string, message: string, syscall?: string): Error {
  return Object.assign(new Error(message), { code, ...(syscall && { syscall }) });
}

function fatal(code: string, message: string): Error {
  return Object.assign(failure(code, message), { severity: 'FATAL' });
}

test.each([
  [failure('28P01', 'password authentication failed for user "ada"'), /rejects the user or password/],
  [failure('28000', 'no pg_hba.conf entry for host "::1", user "ada", no encryption'), /add \?sslmode=verify-full/],
  [failure('28000', 'connection is insecure (try using `sslmode=require`)'), /add \?sslmode=verify-full/],
  [failure('3D000', 'database "todos" does not exist'), /no database "todos"/],
  [
    failure('42501', 'must be owner of table task\n - hint: none'),
    /may not update the schema of .*: must be owner of table task\.$/,
  ],
  [new Error('SASL: SCRAM-SERVER-FIRST-MESSAGE: client password must be a string'), /requires a password, but .* none/],
  [failure('53300', 'too many connections for role "ada"'), /reports: too many connections for role "ada"\.$/],
  [failure('53400', 'temporary file size exceeds temp_file_limit (0kB)'), /reports: temporary file size exceeds/],
  [fatal('57P03', 'the database system is starting up'), /reports: the database system is starting up\.$/],
  [fatal('42601', 'invalid command-line argument for server process: x'), /reports: invalid command-line argument/],
  [fatal('42704', 'unrecognized configuration parameter "x"'), /reports: unrecognized configuration parameter "x"/],
  [fatal('42501', 'must be replication role to start walsender'), /reports: must be replication role/],
  [failure('ECONNREFUSED', 'connect ECONNREFUSED'), /cannot be reached \(ECONNREFUSED\)/],
  [failure('EINVAL', 'getaddrinfo EINVAL', 'getaddrinfo'), /cannot be reached \(EINVAL\)/],
  [failure('EACCES', 'connect EACCES /run/pg', 'connect'), /cannot be reached \(EACCES\)/],
  [failure('ENOENT', 'connect ENOENT /run/pg', 'connect'), /cannot be reached \(ENOENT\)/],
  [new Error('timeout expired'), /cannot be reached \(no response\)/],
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

test.each([
  ['postgresql://ada:hunter2@db.example.com:6432/todos?sslmode=disable', 'db.example.com:6432'],
  ['postgresql://ada:hunter2@localhost/todos?host=/run/pg', '/run/pg'],
  ['postgresql://ada:hunter2@localhost:1/todos?host=other&port=2', 'other:2'],
  ['postgresql://ada:hunter2@%2Frun%2Fpg/todos', '/run/pg'],
  ['postgresql://ada:hunter2@[::1]:1/todos', '[::1]:1'],
])('%s is named as the driver reads it', (address, host) => {
  const explain = (error: Error) => () => explainConnectionFailure(error, address);
  expect(explain(failure('ECONNREFUSED', 'refused'))).toThrow(`The database at ${host} cannot be reached`);
  const named = address.replace('/todos', '/a%20b%C3%A9');
  expect(() => explainConnectionFailure(failure('3D000', 'no'), named)).toThrow(`no database "a bé" at ${host}.`);
});

test.each<[string, Error, boolean]>([
  ['a reply of another statement', new ReplyMismatch(), true],
  ['a standby', new ServerInRecovery(), true],
  ['a server that takes no changes', failure('25006', 'cannot execute INSERT in a read-only transaction'), true],
  ['a prepared statement that is not there', failure('26000', 'prepared statement "a" does not exist'), true],
  ['a prepared statement that is there already', failure('42P05', 'prepared statement "a" already exists'), true],
  ['a plan of before its table was altered', failure('0A000', 'cached plan must not change result type'), true],
  ['a reset', failure('ECONNRESET', 'read ECONNRESET'), true],
  ['a shutdown', failure('57P01', 'terminating connection due to administrator command'), true],
  ['another statement that cannot be run', failure('0A000', 'FOR UPDATE is not allowed with DISTINCT clause'), false],
  ['a value that is taken', failure('23505', 'duplicate key value violates unique constraint'), false],
  ['a deadlock', failure('40P01', 'deadlock detected'), false],
  ['a lock that took too long', failure('55P03', 'canceling statement due to lock timeout'), false],
  ['a statement that took too long', failure('57014', 'canceling statement due to statement timeout'), false],
])('%s: whether its connection is used again', (_what, error, isUnusable) => {
  expect(isConnectionUnusable(error)).toBe(isUnusable);
});
