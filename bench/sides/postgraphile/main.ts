import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { postgraphile } from 'postgraphile';
import { makePgService } from 'postgraphile/adaptors/pg';
import { grafserv } from 'postgraphile/grafserv/node';
import { PostGraphileAmberPreset } from 'postgraphile/presets/amber';
import { readEnvironment } from '../support/environment.ts';
import { query, runScript } from '../support/pool.ts';
import { poolSize } from '../support/tasks.ts';
import { Tokens } from '../support/tokens.ts';
import { loginPlugin } from './login.ts';

// The schema is the database's: GraphQL is planned into one statement, and row-level security keeps users apart.

const { port, host, databaseUrl, secret } = readEnvironment();
const tokens = new Tokens(secret);

await runScript(readFileSync(join(import.meta.dirname, 'setup.sql'), 'utf8'));

async function settingsOf(authorization: string | undefined): Promise<Record<string, string>> {
  if (!authorization) return { role: 'todoql_bench' };
  const claims = tokens.verify(authorization);
  const [user] = await query<{ id: string }>(
    'viewer',
    `select u.id, u.email from session s join "user" u on u.id = s.user_id
     where s.user_id = $1 and s.id = $2 and s.expires_at > now()`,
    [claims?.userId, claims?.sessionId],
  );
  if (!user) throw new Error('Your session has ended. Log in again.');
  return { role: 'todoql_bench', 'app.user_id': user.id };
}

const instance = postgraphile({
  extends: [PostGraphileAmberPreset],
  plugins: [loginPlugin(tokens)],
  pgServices: [makePgService({ connectionString: databaseUrl, poolConfig: { max: poolSize }, schemas: ['public'] })],
  schema: { defaultBehavior: '-insert -update -delete' },
  grafserv: { watch: false, graphiql: false, websockets: false },
  grafast: {
    context: async (request) => ({ pgSettings: await settingsOf(request.node?.req.headers.authorization) }),
  },
});

const server = createServer();
await instance.createServ(grafserv).addTo(server);
server.listen(port, host);
