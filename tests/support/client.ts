import { randomInt, randomUUID } from 'node:crypto';

/** An entry of `errors`. */
export interface ReplyError {
  readonly message: string;
  readonly path?: readonly (string | number)[];
  readonly extensions: {
    readonly code: string;
    readonly requestId: string;
    readonly fields?: readonly { path: readonly (string | number)[]; code: string; message: string }[];
    readonly [detail: string]: unknown;
  };
}

/** A response, with enough of the request to make failures readable. */
export class Reply {
  constructor(
    readonly operation: string,
    readonly status: number,
    readonly headers: Headers,
    readonly text: string,
  ) {}

  /** @throws if the operation failed unexpectedly */
  // biome-ignore lint/suspicious/noExplicitAny: tests read answers of many shapes, and compare them right away
  get data(): any {
    const { data, errors } = this.json();
    if (errors) throw new Error(`The operation failed.\n${this}`);
    return data;
  }

  /** The data of a response with errors. */
  // biome-ignore lint/suspicious/noExplicitAny: answers of many shapes here too, compared right away
  get partialData(): any {
    return this.json().data;
  }

  /** @throws if the operation succeeded unexpectedly */
  get errors(): readonly ReplyError[] {
    const { errors } = this.json();
    if (!errors) throw new Error(`The operation did not fail.\n${this}`);
    return errors;
  }

  /** The first error. */
  get error(): ReplyError {
    const [error] = this.errors;
    if (!error) throw new Error(`The errors are empty.\n${this}`);
    return error;
  }

  /** The code of the first error. */
  get code(): string {
    return this.error.extensions.code;
  }

  /** The path and code of each field in the first error: `input.title TOO_LONG`. */
  get fields(): string[] {
    return (this.error.extensions.fields ?? []).map(({ path, code }) => `${path.join('.')} ${code}`);
  }

  toString(): string {
    const requestId = this.headers.get('x-request-id');
    return `${this.operation}\n→ HTTP ${this.status}, request ${requestId}\n${this.text}`;
  }

  private json() {
    try {
      return JSON.parse(this.text);
    } catch {
      throw new Error(`The answer is not JSON.\n${this}`);
    }
  }
}

/**
 * Set by `npm run test:executors`: every query of the suite is executed by graphql-js and by graphql-jit, and the results,
 * including errors, must be the same. (Mutations cannot be repeated; the suite itself sends most of them both
 * ways, since a document is compiled when it is sent again.) Excluded are files that count statements, make a single one
 * fail, send documents of the maximum size, or read without a pause while others write.
 */
const comparesExecutors = process.env.COMPARE_EXECUTORS === 'on';

async function runBothWays(operation: string, send: (query: string) => Promise<Reply>): Promise<Reply> {
  const comparable = ({ status, text }: Reply) => `${status} ${text.replaceAll(/"requestId":"[^"]+"/g, '')}`;
  for (let attempts = 5; ; attempts--) {
    // A new document is executed by graphql-js, and compiled from the second time on.
    const walked = await send(`${operation} # ${randomUUID()}`);
    await send(operation);
    const compiled = await send(operation);
    if (comparable(walked) === comparable(compiled)) return compiled;
    // A concurrent change makes a difference once, not five times in a row.
    if (attempts === 0) throw new Error(`Two executors, two answers.\n${walked}\n${compiled}`);
  }
}

/** Sends operations to a server like a front end. */
export class Client {
  /** The address in X-Forwarded-For, a different one for each client. */
  address = `10.${[0, 0, 0].map(() => randomInt(256)).join('.')}`;
  userAgent = 'todoql tests';

  constructor(
    readonly url: string,
    readonly token: string | null = null,
    readonly email = '',
    readonly password = '',
  ) {}

  static async signUp(url: string, email = `${randomUUID()}@example.com`, password = 'correct horse'): Promise<Client> {
    const signup = `mutation ($email: String!, $password: String!) {
      signup(input: { email: $email, password: $password }) { accessToken }
    }`;
    const reply = await new Client(url).run(signup, { email, password });
    return new Client(url, reply.data.signup.accessToken, email, password);
  }

  /** The same server with another token. */
  withToken(token: string | null): Client {
    return this.#like(new Client(this.url, token, this.email, this.password));
  }

  /** The same client for another server. */
  at(url: string): Client {
    return this.#like(new Client(url, this.token, this.email, this.password));
  }

  #like(other: Client): Client {
    return Object.assign(other, { address: this.address, userAgent: this.userAgent });
  }

  run(operation: string, variables: Record<string, unknown> = {}): Promise<Reply> {
    const send = (query: string) => this.post(JSON.stringify({ query, variables }));
    const isQuery = /^\s*(query\b|\{)/.test(operation);
    return comparesExecutors && isQuery ? runBothWays(operation, send) : send(operation);
  }

  /** Sends a body unchanged. */
  async post(body: string, headers: Record<string, string> = {}): Promise<Reply> {
    const authorization = this.token === null ? {} : { authorization: `Bearer ${this.token}` };
    const client = { 'x-forwarded-for': this.address, 'user-agent': this.userAgent };
    const response = await fetch(`${this.url}/graphql`, {
      method: 'POST',
      body,
      headers: { 'content-type': 'application/json', ...client, ...authorization, ...headers },
    });
    return new Reply(body, response.status, response.headers, await response.text());
  }

  /** Creates a task. @returns its id */
  async createTask(title = 'Buy milk'): Promise<string> {
    const operation = 'mutation ($title: String!) { createTask(input: { title: $title }) { task { id } } }';
    return (await this.run(operation, { title })).data.createTask.task.id;
  }
}
