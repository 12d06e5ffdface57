import { setImmediate as nextTurn } from 'node:timers/promises';
import { HeaderMap } from '@apollo/server';
import { expect, test, vi } from 'vitest';
import { AppError, ErrorCode } from '../../src/errors.ts';
import { LiveOperation, type LiveState } from '../../src/http/live/live-operation.ts';
import { Subscriber } from '../../src/live/subscriber.ts';
import type { Subscribers } from '../../src/live/subscribers.ts';

/** A page that an execution reads, or an error that it fails with. */
type Step = { size: number; hasMore?: boolean } | { code: ErrorCode };

/** An operation whose executions take these steps in turn, the last one again and again. */
function operationOf(...steps: Step[]) {
  const subscriber = new Subscriber({ id: 'user', sessionId: null });
  let executions = 0;
  const close = vi.fn((closed: Subscriber) => closed.end(null));
  const subscribers = { open: () => subscriber, close } as unknown as Subscribers;
  const execute = async (state: LiveState) => {
    state.viewer = subscriber.viewer;
    state.begin({ query: '', operationName: null, variables: {} });
    const step = steps[Math.min(executions, steps.length - 1)] ?? { size: 0 };
    executions += 1;
    const code = subscriber.reason?.code ?? ('code' in step ? step.code : null);
    if (code === null && 'size' in step) {
      state.cursor = `${executions}`;
      state.page = { size: step.size, hasMore: step.hasMore === true, revision: `${executions}` };
    }
    const result = code === null ? { data: { execution: executions } } : { errors: [{ extensions: { code } }] };
    const string = `${JSON.stringify(result)}\n`;
    return { headers: new HeaderMap(), body: { kind: 'complete' as const, string } };
  };
  const operation = new LiveOperation(execute, subscribers, false);
  return { operation, results: operation.results(), subscriber, close, executions: () => executions };
}

const executionOf = ({ value }: IteratorResult<{ json: string }, void>) =>
  value && JSON.parse(value.json).data?.execution;

test('the next page is read when the client can take it, and not before', async () => {
  const { results, executions } = operationOf({ size: 1, hasMore: true });
  await results.next();
  await nextTurn();
  expect(executions()).toBe(1);
  expect(executionOf(await results.next())).toBe(2);
  await nextTurn();
  expect(executions()).toBe(2);
});

test('a hundred changes while a client is busy are one page', async () => {
  const { results, subscriber, executions } = operationOf({ size: 1 });
  await results.next();
  for (let n = 0; n < 100; n++) subscriber.wake();
  expect(executionOf(await results.next())).toBe(2);
  const next = results.next();
  await nextTurn();
  expect(executions()).toBe(2);
  subscriber.wake();
  expect(executionOf(await next)).toBe(3);
});

test('only the first page is sent if it is empty', async () => {
  const { results, subscriber } = operationOf({ size: 0 }, { size: 0 }, { size: 1 });
  expect(executionOf(await results.next())).toBe(1);
  const next = results.next();
  subscriber.wake();
  await nextTurn();
  subscriber.wake();
  expect(executionOf(await next)).toBe(3);
});

test('an end within becomes the last result', async () => {
  const { results, subscriber, close } = operationOf({ size: 1 });
  await results.next();
  const next = results.next();
  subscriber.end(new AppError(ErrorCode.UNAUTHENTICATED, 'ended'));
  expect((await next).value).toMatchObject({ isLast: true, errorCode: 'UNAUTHENTICATED' });
  expect((await results.next()).done).toBe(true);
  expect(close).toHaveBeenCalledWith(subscriber);
});

test('when its client leaves, an operation reads nothing more', async () => {
  const { operation, results, close, executions } = operationOf({ size: 1 });
  await results.next();
  const next = results.next();
  operation.close();
  expect((await next).done).toBe(true);
  expect(executions()).toBe(1);
  expect(close).toHaveBeenCalled();
});

test('an operation whose client leaves during its first execution keeps no place', async () => {
  const { operation, results, subscriber } = operationOf({ size: 1 });
  const first = results.next();
  operation.close();
  expect((await first).done).toBe(true);
  expect(subscriber.isEnded).toBe(true);
});

test('a page is tried again while the database is away; other errors end the operation', async () => {
  const { results, subscriber } = operationOf(
    { size: 1 },
    { code: ErrorCode.SERVICE_UNAVAILABLE },
    { size: 1 },
    { code: ErrorCode.INTERNAL_SERVER_ERROR },
  );
  await results.next();
  subscriber.wake();
  expect(executionOf(await results.next())).toBe(3);
  subscriber.wake();
  expect((await results.next()).value).toMatchObject({ isLast: true, errorCode: 'INTERNAL_SERVER_ERROR' });
});

test('the first execution is not tried again', async () => {
  const { results } = operationOf({ code: ErrorCode.SERVICE_UNAVAILABLE });
  expect((await results.next()).value).toMatchObject({ isLast: true, errorCode: 'SERVICE_UNAVAILABLE' });
});
