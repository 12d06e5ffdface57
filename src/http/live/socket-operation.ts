import { randomUUID } from 'node:crypto';
import { HeaderMap } from '@apollo/server';
import { CloseCode, type ExecutionResult, type SubscribePayload } from 'graphql-ws';
import { ErrorCode } from '../../errors.ts';
import { newScope } from '../server.ts';
import { createLiveOperation, type GraphqlApi } from './graphql-api.ts';
import type { LiveOperation, LiveResult } from './live-operation.ts';
import type { Connection } from './socket-protocol.ts';

/** The registered close code (RFC 6455 11.7) that tells clients to connect again. */
export const serviceRestart = 1012;

/** Milliseconds after which the connection of an ended session is closed, so that all its subscriptions end with their error. */
const untilClosed = 100;

/** Milliseconds after which it is closed even if its client does not read, and so would keep the user's places. */
const longestFarewell = 1_000;

/** Errors with which a subscription has ended, as they are sent. */
export class Ended extends Error {
  constructor(readonly errors: readonly object[]) {
    super('The subscription has ended.');
  }
}

/** A subscription by WebSocket. */
export class SocketOperation {
  readonly #scope = newScope(randomUUID());
  readonly #start = performance.now();
  readonly #operation: LiveOperation;
  #isLogged = false;

  constructor(
    private readonly api: GraphqlApi,
    private readonly connection: Connection,
    payload: SubscribePayload,
  ) {
    const { authorization, client } = connection;
    const headers = new HeaderMap([
      ['accept', 'application/json'],
      ['content-type', 'application/json'],
    ]);
    const request = { method: 'POST', search: '', headers, body: payload };
    const incoming = { authorization, client, document: payload.query };
    this.#operation = createLiveOperation(api, request, incoming, this.#scope, true);
    connection.operations.add(this);
  }

  /** The execution results. It throws Ended. */
  events(): AsyncIterableIterator<ExecutionResult, undefined> {
    const results = this.#operation.results();
    const end = async () => {
      this.#end(null);
      await results.return();
      return { done: true, value: undefined } as const;
    };
    return {
      next: async () => {
        const { value } = await results.next();
        return value && this.#isGoing(value) ? { done: false, value: JSON.parse(value.json) } : end();
      },
      return: end,
      [Symbol.asyncIterator]() {
        return this;
      },
    };
  }

  /** @throws Ended */
  #isGoing({ errorCode, json }: LiveResult): boolean {
    if (errorCode === null) {
      this.#operation.onEnd(() => {
        if (this.#operation.endReason?.code === ErrorCode.UNAUTHENTICATED) this.#closeConnection(longestFarewell);
      });
      return true;
    }
    this.#end(errorCode);
    const { close } = this.connection;
    if (this.#operation.endReason?.code === ErrorCode.SERVICE_UNAVAILABLE) {
      // Clients connect and subscribe again by themselves.
      close(serviceRestart, 'The server is restarting.');
      return false;
    }
    if (errorCode === ErrorCode.UNAUTHENTICATED) this.#closeConnection(untilClosed);
    throw new Ended(JSON.parse(json).errors);
  }

  #closeConnection(milliseconds: number): void {
    setTimeout(() => this.connection.close(CloseCode.Forbidden, 'Your session has ended.'), milliseconds).unref();
  }

  /** The connection is closed. */
  close(): void {
    this.#end(null);
  }

  /** Logs one line, like that of a request. */
  #end(code: unknown): void {
    if (this.#isLogged) return;
    this.#isLogged = true;
    this.#operation.close();
    this.connection.operations.delete(this);
    const { requestId, operationName } = this.#scope;
    const milliseconds = Math.round((performance.now() - this.#start) * 10) / 10;
    this.api.logger.info(
      { requestId, operationName, path: '/graphql', code, milliseconds },
      'subscription by WebSocket',
    );
  }
}
