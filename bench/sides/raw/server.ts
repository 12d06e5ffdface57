import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import bcrypt from 'bcrypt';
import { v7 as uuidv7 } from 'uuid';
import { readEnvironment } from '../support/environment.ts';
import { query } from '../support/pool.ts';
import { lifetime, Tokens } from '../support/tokens.ts';
import { statements } from './statements.ts';

export interface NewTask {
  readonly title: string;
  readonly description: string;
  readonly priority: 'NONE' | 'LOW' | 'MEDIUM' | 'HIGH' | 'URGENT';
}

/** What a user can do with tasks. Every answer is JSON text; null: there is no such task. */
export interface Tasks {
  page(userId: string, first: number): Promise<string>;
  related(userId: string, first: number): Promise<string>;
  task(userId: string, id: string): Promise<string | null>;
  create(userId: string, input: NewTask): Promise<string | null>;
  toggle(userId: string, id: string, isCompleted: boolean): Promise<string | null>;
}

const { port, host, secret } = readEnvironment();
const tokens = new Tokens(secret);

/** Serves them over node:http, without a framework. */
export function serve(tasks: Tasks): void {
  createServer((request, response) => handle(tasks, request, response)).listen(port, host);
}

async function handle(tasks: Tasks, request: IncomingMessage, response: ServerResponse): Promise<void> {
  try {
    const text = await answer(tasks, request);
    const body = text ?? 'null';
    response.writeHead(text === null ? 404 : 200, {
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(body),
    });
    response.end(body);
  } catch (error) {
    console.error(error);
    response.writeHead(500).end('{}');
  }
}

async function answer(tasks: Tasks, request: IncomingMessage): Promise<string | null> {
  const { method, url = '', headers } = request;
  if (url === '/login') return logIn(JSON.parse(await readBody(request)));
  const userId = await authenticate(headers.authorization);
  if (userId === null) return null;
  if (method === 'POST' && url === '/tasks') return tasks.create(userId, JSON.parse(await readBody(request)));
  if (url.startsWith('/tasks?first=')) return tasks.page(userId, Math.min(Number(url.slice(13)), 100));
  if (url.startsWith('/tasks/related?first=')) return tasks.related(userId, Math.min(Number(url.slice(21)), 100));
  const [, , id = '', action] = url.split('/');
  return method === 'GET' ? tasks.task(userId, id) : tasks.toggle(userId, id, action === 'complete');
}

interface User {
  readonly id: string;
  readonly email: string;
}

async function authenticate(authorization: string | undefined): Promise<string | null> {
  const claims = tokens.verify(authorization);
  if (!claims) return null;
  const [user] = await query<User>('viewer', statements.viewer, [claims.userId, claims.sessionId]);
  return user?.id ?? null;
}

async function logIn({ email, password }: { email: string; password: string }): Promise<string | null> {
  const [user] = await query<User & { password_hash: string }>(
    'login',
    `select id, email, password_hash from "user" where lower(email collate "C") = lower($1 collate "C")`,
    [email],
  );
  if (!user || !(await bcrypt.compare(password, user.password_hash))) return null;
  const sessionId = uuidv7();
  await query(
    'session',
    `insert into session (user_id, id, created_at, expires_at)
     values ($1, $2, now(), now() + $3 * interval '1 second')`,
    [user.id, sessionId, lifetime],
  );
  return JSON.stringify({ accessToken: tokens.sign(user, sessionId), user: { id: user.id, email: user.email } });
}

function readBody(request: IncomingMessage): Promise<string> {
  return new Promise((resolve, reject) => {
    let body = '';
    request.setEncoding('utf8');
    request.on('data', (chunk: string) => {
      body += chunk;
    });
    request.on('end', () => resolve(body));
    request.on('error', reject);
  });
}
