import type { Client, Reply } from './client.ts';

/** Runs a mutation that has one argument, `input`, and answers with `success`. */
export function send(client: Client, name: string, input?: Record<string, unknown>): Promise<Reply> {
  if (!input) return client.run(`mutation { ${name} { success } }`);
  const type = `${name.charAt(0).toUpperCase()}${name.slice(1)}Input!`;
  return client.run(`mutation ($input: ${type}) { ${name}(input: $input) { success } }`, { input });
}

export async function succeed(client: Client, name: string, input?: Record<string, unknown>): Promise<void> {
  const reply = await send(client, name, input);
  if (reply.data[name]?.success !== true) throw new Error(`It failed.\n${reply}`);
}

export function logIn(client: Client, email: string, password: string): Promise<Reply> {
  const login = `mutation ($email: String!, $password: String!) {
    login(input: { email: $email, password: $password }) { accessToken }
  }`;
  return client.run(login, { email, password });
}

export async function eventsOf(user: Client): Promise<string[]> {
  const { nodes } = (await user.run('{ me { securityEvents { nodes { kind } } } }')).data.me.securityEvents;
  return nodes.map(({ kind }: { kind: string }) => kind);
}
