import { CombinedGraphQLErrors, ServerError } from '@apollo/client/errors';
import { describe, expect, test } from 'vitest';
import { ErrorCode } from '../../src/errors.ts';
import { describeProblem, problemText } from '../../web/src/graphql/problem.ts';

const failed = (message: string, extensions: Record<string, unknown>) =>
  new CombinedGraphQLErrors({ errors: [{ message, extensions }] });

describe('the sentence for the user', () => {
  const writtenByServer: ErrorCode[] = [
    ErrorCode.INVALID_CREDENTIALS,
    ErrorCode.ACCOUNT_DISABLED,
    ErrorCode.SIGNUP_DISABLED,
    ErrorCode.LIMIT_EXCEEDED,
  ];
  const others = Object.values(ErrorCode).filter((code) => !writtenByServer.includes(code));

  test.each(others)('%s is a sentence, whatever the message', (code) => {
    const { sentence } = describeProblem(failed('{"raw":"text"} at Object.<anonymous>', { code }));
    expect(sentence).toMatch(/^[A-Z][^{}<>]+\.$/);
  });

  test.each(writtenByServer)('%s has the message of the server', (code) => {
    expect(describeProblem(failed('The password is wrong.', { code })).sentence).toBe('The password is wrong.');
  });

  test('a network failure differs from an unavailable service', () => {
    expect(describeProblem(new TypeError('Failed to fetch'))).toMatchObject({
      code: 'OFFLINE',
      sentence: expect.stringContaining('cannot be reached'),
    });
  });

  test.each([undefined, null, 'text', {}, new Error('boom at line 3'), failed('x', { code: 'FROM_THE_FUTURE' })])(
    'whatever else is thrown is our fault: %s',
    (thrown) => {
      expect(describeProblem(thrown).sentence).toMatch(/^Something went wrong on our side/);
    },
  );

  test('a bug names the request, so that it can be found', () => {
    const requestId = '01a1fd7d-c777-7075-857b-240b258208ff';
    const problem = describeProblem(failed('Internal server error', { code: 'INTERNAL_SERVER_ERROR', requestId }));
    expect(problem.sentence).toContain('(Reference: 01a1fd7d)');
  });

  test('sentences of fields stand under the name of their field', () => {
    const fields = [
      { path: ['input', 'email'], code: 'TAKEN', message: 'There is an account with this address.' },
      { path: ['input', 'due', 'date'], code: 'INVALID', message: 'This is not a day.' },
    ];
    const problem = describeProblem(failed('…', { code: 'CONFLICT', fields }));
    expect(problem.fields).toEqual({
      email: 'There is an account with this address.',
      'due.date': 'This is not a day.',
    });
    expect(problem.sentence).toBe('There is an account with this address.');
  });

  test.each([
    [429, { 'retry-after': '7' }, 'Too many attempts. Try again in 7 s.'],
    [429, {}, 'Too many attempts. Try again in a moment.'],
    [503, { 'retry-after': 'Wed, 21 Oct 2026 07:28:00 GMT' }, 'The server is busy. Try again in a moment.'],
    [500, {}, 'Something went wrong on our side. Try again in a moment.'],
  ])('a %i that does not come from the API tells when to try again: %j', (status, headers, sentence) => {
    const response = new Response('<h1>No</h1>', { status, headers });
    const problem = describeProblem(new ServerError('No', { response, bodyText: '<h1>No</h1>' }));
    expect(problemText(problem)).toBe(sentence);
  });

  test('seconds to wait and the version that is there now are handed on', () => {
    expect(describeProblem(failed('…', { code: 'RATE_LIMITED', retryAfter: 23 })).retryAfter).toBe(23);
    expect(describeProblem(failed('…', { code: 'STALE_VERSION', currentVersion: 4 })).currentVersion).toBe(4);
  });
});
