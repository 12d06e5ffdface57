import type { ServerConfig } from '../../src/config.ts';
import { Client } from './client.ts';
import { startServer } from './server.ts';

/** Starts a server, signs up or logs in, creates a task, counts the tasks, and stops. */
export async function useOnce(url: string, email: string, overrides: Partial<ServerConfig> = {}): Promise<number> {
  const app = await startServer(url, overrides);
  try {
    const password = 'correct horse';
    const credentials = `input: { email: "${email}", password: "${password}" }`;
    const login = await new Client(app.url).run(`mutation { login(${credentials}) { accessToken } }`);
    const known = login.partialData?.login;
    const user = known ? new Client(app.url, known.accessToken) : await Client.signUp(app.url, email, password);
    await user.createTask();
    return (await user.run('{ tasks { totalCount } }')).data.tasks.totalCount;
  } finally {
    await app.stop();
  }
}
